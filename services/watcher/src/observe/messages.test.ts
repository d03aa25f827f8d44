import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { events } from '../testing/observed.js';
import {
  aKubernetesJob,
  anAttempt,
  condition,
  terminated,
  waiting,
  withContainer,
  type RawPodParts,
} from '../testing/raw-objects.js';
import type { Finding } from './finding.js';
import { parseReasonTable } from './parse-reason-rules.js';
import { podReason } from './pod-reason.js';
import { podStatus } from './pod-status.js';
import { creationRefusal } from './waiting-reason.js';

/** What clusters have really said, word for word. */
interface SeenMessage {
  /** Kubernetes' version where it is told, else when it was reported. */
  readonly seen: string;
  readonly source: string;
  readonly reason: string;
  readonly message: string;
  /** Said by an event of this reason, and not in the pod's status. */
  readonly event?: string;
  readonly code: string;
  /** Left out: the job waits, or Kubernetes decides. */
  readonly failsAfterSeconds?: number;
}

const rules = parseReasonTable('{}').of('any');

/** Which part of which object carries a message, by the name of its file. */
const FORMS: Readonly<Record<string, (seen: SeenMessage) => Finding | null>> = {
  scheduling: ({ reason, message }) =>
    reasonOf({
      spec: { nodeName: undefined },
      status: { phase: 'Pending', conditions: [condition('PodScheduled', 'False', reason, message)] },
    }),
  'container-waiting': ({ reason, message, event }) =>
    event === undefined
      ? reasonOf({ status: waiting(reason, message) })
      : reasonOf({ status: waiting(reason) }, events([event, 1_000, message])),
  'setup-event': ({ reason, message }) =>
    reasonOf({ status: waiting('ContainerCreating') }, events([reason, 1_000, message])),
  'failed-create': ({ reason, message }) => {
    const job = aKubernetesJob();
    const atMs = (job.startTime?.getTime() ?? 0) + 1_000;
    return creationRefusal({ job, attempts: [], succeeded: [] }, 1, events([reason, atMs, message]), rules);
  },
  'container-terminated': ({ reason, message }) => {
    const neverStarted = { message, startedAt: '1970-01-01T00:00:00Z' };
    return reasonOf({ status: withContainer('Failed', terminated(128, reason, message === '' ? {} : neverStarted)) });
  },
  'pod-failed': ({ reason, message }) => reasonOf({ status: { phase: 'Failed', reason, message } }),
  disruption: ({ reason, message }) =>
    reasonOf({
      status: withContainer('Failed', terminated(137, 'Error'), {
        conditions: [condition('DisruptionTarget', 'True', reason, message)],
      }),
    }),
};

function reasonOf(parts: RawPodParts, of = events()): Finding | null {
  const pod = anAttempt(parts);
  return podReason(pod, podStatus(pod), { rules, events: of, isNodeReady: true, isCounted: false });
}

const all = Object.keys(FORMS).flatMap((form) => {
  const file = new URL(`testing/messages/${form}.json`, import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as SeenMessage[]).map((seen) => ({ form, seen }));
});

function isMapped({ form, seen }: (typeof all)[number]): boolean {
  const finding = FORMS[form]?.(seen) ?? null;
  const failsAfterMs = seen.failsAfterSeconds === undefined ? null : seen.failsAfterSeconds * 1_000;
  return finding?.code === seen.code && (finding.rule?.failsAfterMs ?? null) === failsAfterMs;
}

describe('what clusters have really said', () => {
  const missed = all
    .filter((each) => !isMapped(each))
    .map(({ form, seen }) => `${form}, not ${seen.code}: ${seen.reason}: ${seen.message}`);
  afterAll(() => {
    const figure = `${all.length - missed.length} of ${all.length} messages have the right code and grace`;
    process.stdout.write(`${[figure, ...missed].join('\n')}\n`);
  });

  it('is read at least 98 times of 100, with the right code and the right grace', () => {
    expect(all.length).toBeGreaterThanOrEqual(150);
    expect(missed.slice(Math.floor(all.length * 0.02))).toEqual([]);
  });

  it.each(all)('is shown word for word: $form, $seen.source', ({ form, seen }) => {
    expect(FORMS[form]?.(seen)?.message).toContain(seen.message || seen.reason.replace('Error', 'Exit code'));
  });
});
