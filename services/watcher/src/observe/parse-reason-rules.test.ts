import { describe, expect, it } from 'vitest';
import { parseReasonTable } from './parse-reason-rules.js';
import { findRule } from './reason-rule.js';

const table = parseReasonTable(
  JSON.stringify({
    default: { 'image-pull-refused': { failsAfterSeconds: 5 } },
    clusters: {
      'eu-1': {
        quota: { failsAfterSeconds: 3600 },
        'image-pull-refused': { failsAfterSeconds: null },
        'no-such-node': {
          from: 'SCHEDULING',
          message: "didn't match Pod's node affinity",
          code: 'NO_SUCH_NODE',
          failsAfterSeconds: 600,
        },
      },
    },
  }),
);

const pulled = (cluster: string) =>
  findRule(table.of(cluster), 'CONTAINER_WAITING', 'ErrImagePull', 'manifest unknown')?.failsAfterMs;
const unscheduled = (cluster: string) =>
  findRule(
    table.of(cluster),
    'SCHEDULING',
    'Unschedulable',
    "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector.",
  );

describe('the table of reasons', () => {
  it('is changed for all clusters, and further for one', () => {
    expect(pulled('us-1')).toBe(5_000);
    expect(pulled('eu-1')).toBeNull();
    expect(findRule(table.of('eu-1'), 'FAILED_CREATE', 'FailedCreate', 'exceeded quota: q')?.failsAfterMs).toBe(
      3_600_000,
    );
  });

  it('looks at new rules first', () => {
    expect(unscheduled('eu-1')).toMatchObject({ code: 'NO_SUCH_NODE', failsAs: 'NO_SUCH_NODE', failsAfterMs: 600_000 });
    expect(unscheduled('us-1')?.code).toBe('UNSCHEDULABLE');
  });

  it.each<[string, string, RegExp]>([
    ['is no JSON', '{', /must be JSON/],
    ['has an unknown word', '{"defaults": {}}', /defaults/],
    [
      'has a pattern that is none',
      '{"default": {"quota": {"message": "("}}}',
      /default\.quota\.message: must be a regular/,
    ],
    [
      'has a new rule without its code',
      '{"default": {"new": {"from": "SCHEDULING"}}}',
      /default\.new: a new rule needs/,
    ],
    [
      'waits for what is over',
      '{"clusters": {"a": {"evicted": {"failsAfterSeconds": 1}}}}',
      /clusters\.a\.evicted: what is over/,
    ],
    [
      'has several of these',
      '{"default": {"quota": {"code": "no code"}, "policy": {"failsAfterSeconds": -1}}}',
      /default\.quota\.code.*default\.policy\.failsAfterSeconds/,
    ],
  ])('is refused where it %s', (_, text, problem) => {
    expect(() => parseReasonTable(text)).toThrow(problem);
  });
});
