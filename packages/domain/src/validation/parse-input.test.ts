import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { issuesOf, messagesOf } from './testing/issues-of.js';
import { parseCreateJob } from './parse-create-job.js';

const limits = { maxParallelism: 1000, reservedAnnotationPrefix: 'ccluster.io' };
const minimal = { name: 'train', imageUrl: 'busybox', imageTag: 'latest' };

const parse = (fields: object) => parseCreateJob({ ...minimal, ...fields }, limits);
const messages = (fields: object): string[] => messagesOf(() => parse(fields));

const wrongEverywhere = {
  requestId: '',
  name: 'Train',
  imageUrl: 'https://x',
  imageTag: '',
  imagePullSecret: { username: 'u', password: '' },
  completions: 5,
  parallelism: 2000,
  backoffLimit: -1,
  activeDeadlineSeconds: 0,
  command: 'a | b',
  commandArgv: ['a\0'],
  env: [
    { name: '1A', value: 'x'.repeat(32 * 1024 + 1) },
    { name: 'JOB_COMPLETIONS', value: '\0' },
    { name: 'A', value: '' },
    { name: 'A', value: '' },
  ],
  annotations: [
    { key: '', value: '' },
    { key: 'x.kubernetes.io/y', value: '' },
  ],
  placement: { regions: [''], minGpuCount: -1 },
};

const everyIssue = [
  'annotations.0.key INVALID',
  'annotations.1.key RESERVED_NAME',
  'activeDeadlineSeconds INVALID',
  'backoffLimit INVALID',
  'command INVALID',
  'commandArgv INVALID',
  'commandArgv.0 INVALID',
  'env.0.name INVALID',
  'env.0.value INVALID',
  'env.1.name RESERVED_NAME',
  'env.1.value INVALID',
  'env.3.name INVALID',
  'imagePullSecret.password INVALID',
  'imageTag INVALID',
  'imageUrl INVALID',
  'name INVALID',
  'parallelism INVALID',
  'parallelism LIMIT_EXCEEDED',
  'placement.minGpuCount INVALID',
  'placement.regions.0 INVALID',
  'requestId INVALID',
];

describe('a refusal', () => {
  it('tells every problem of an input at once', () => {
    expect(issuesOf(() => parse(wrongEverywhere)).toSorted()).toEqual(everyIssue.toSorted());
  });

  it('tells them beside a list that is too long to be looked through', () => {
    const env = Array.from({ length: 1001 }, () => ({ name: '', value: '' }));
    const commandArgv = Array.from({ length: 10_001 }, () => '');
    const annotations = [{ key: 'k8s.io/a', value: '' }];
    expect(issuesOf(() => parse({ parallelism: 2, command: '', commandArgv, env, annotations }))).toEqual([
      'commandArgv INVALID',
      'env INVALID',
      'parallelism INVALID',
      'commandArgv INVALID',
      'annotations.0.key RESERVED_NAME',
    ]);
  });

  test.each<[object, string]>([
    [{ completions: 0 }, 'completions must be a whole number from 1 to 100,000; got 0'],
    [{ completions: 4, parallelism: 10 }, 'parallelism must be at most completions (4); got 10'],
    [
      { completions: 9999, parallelism: 1001 },
      'parallelism must be at most 1,000, the limit of this installation; got 1001',
    ],
    [
      { env: [{ name: 'A B', value: 'hunter2' }] },
      'env[0].name must have 1 to 253 letters, digits and underscores and not begin with a digit; got "A B"',
    ],
    [{ requestId: 'a\0' }, 'requestId must not contain NUL or half of a surrogate pair; got "a\\u0000"'],
    [{ name: undefined }, 'name is required'],
    [{ env: [{ name: 'A' }] }, 'env[0].value is required'],
    [{ env: {} }, 'env must be a list'],
    [{ enableLogging: 1 }, 'enableLogging must be true or false; got 1'],
  ])('names the field, the rule and the value: %j', (fields, message) => {
    expect(messages(fields)).toEqual([message]);
  });

  it('shows at most 80 characters of a value', () => {
    expect(messages({ imageTag: '🎉'.repeat(80) })).toEqual([expect.stringMatching(/; got "(🎉){80}"$/)]);
    expect(messages({ imageTag: '🎉'.repeat(81) })).toEqual([expect.stringMatching(/; got "(🎉){80}"…$/)]);
  });

  test.each<[object]>([
    [{ env: [{ name: 'A', value: 'hunter2\0' }] }],
    [{ env: [{ name: 'A', value: 'hunter2'.repeat(10_000) }] }],
    [{ env: 'hunter2' }],
    [{ env: ['hunter2'] }],
    [{ env: [{ name: 'A', value: 'hunter2', secret: 'hunter2' }] }],
    [{ imagePullSecret: 'hunter2' }],
    [{ imagePullSecret: { username: '', password: 'hunter2' } }],
    [{ imagePullSecret: { username: 'hunter2', password: '' } }],
    [{ imagePullSecret: { username: 'u', password: 'hunter2\ud800' } }],
  ])('never repeats a secret: %#', (fields) => {
    const refused = catchError(() => parse(fields));
    expect(refused).toMatchObject({ name: 'InputRefused' });
    expect(inspect(refused, { depth: 9 })).not.toContain('hunter2');
  });

  it('is the answer to anything that is no input at all', () => {
    fc.assert(
      fc.property(fc.anything(), (unsafeInput) => {
        expect(issuesOf(() => parseCreateJob(unsafeInput, limits))).not.toEqual([]);
      }),
    );
  });
});

function catchError(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    return error;
  }
}
