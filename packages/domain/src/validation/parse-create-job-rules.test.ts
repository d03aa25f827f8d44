import { describe, expect, test } from 'vitest';
import { issuesOf } from './testing/issues-of.js';
import { parseCreateJob } from './parse-create-job.js';

const limits = { maxParallelism: 1000, reservedAnnotationPrefix: 'ccluster.io' };
const minimal = { name: 'train', imageUrl: 'busybox', imageTag: 'latest' };

const kib = (count: number): string => 'x'.repeat(count * 1024);
const variables = (count: number, value: string) => Array.from({ length: count }, (_, i) => ({ name: `V${i}`, value }));

const rules: [what: string, fields: object, issues: string[]][] = [
  ['a name of one letter', { name: 'a' }, []],
  ['a name of 20 characters', { name: `a${'-'.repeat(18)}9` }, []],
  ['a name of 21 characters', { name: 'a'.repeat(21) }, ['name INVALID']],
  ['an empty name', { name: '' }, ['name INVALID']],
  ['a name that begins with a digit', { name: '1a' }, ['name INVALID']],
  ['a name that ends with a hyphen', { name: 'a-' }, ['name INVALID']],
  ['a name with a line end', { name: 'a\n' }, ['name INVALID']],
  ['a name in upper case', { name: 'aB' }, ['name INVALID']],
  ['a requestId of 128 characters', { requestId: '🎉'.repeat(128) }, []],
  ['a requestId of 129 characters', { requestId: 'a'.repeat(129) }, ['requestId INVALID']],
  ['an empty requestId', { requestId: '' }, ['requestId INVALID']],
  ['a requestId with half of a pair', { requestId: '\udc00' }, ['requestId INVALID']],
  ['an empty pull secret', { imagePullSecret: { username: '', password: '' } }, []],
  [
    'a pull secret without username',
    { imagePullSecret: { username: '', password: 'p' } },
    ['imagePullSecret.username INVALID'],
  ],
  ['no completions', { completions: 0 }, ['completions INVALID']],
  ['too many completions', { completions: 100_001 }, ['completions INVALID']],
  ['a fraction of completions', { completions: 1.5 }, ['completions INVALID']],
  ['as much parallelism as completions', { completions: 7, parallelism: 7 }, []],
  ['more parallelism than completions', { parallelism: 2 }, ['parallelism INVALID']],
  ['no parallelism', { parallelism: 0 }, ['parallelism INVALID']],
  ['parallelism over the limit', { completions: 2000, parallelism: 1001 }, ['parallelism LIMIT_EXCEEDED']],
  ['too large a backoffLimit', { backoffLimit: 2_147_483_648 }, ['backoffLimit INVALID']],
  ['a deadline of a second', { activeDeadlineSeconds: 1 }, []],
  ['too late a deadline', { activeDeadlineSeconds: 2_147_483_648 }, ['activeDeadlineSeconds INVALID']],
  ['two commands', { command: '', commandArgv: [] }, ['commandArgv INVALID']],
  ['any text as a word', { commandArgv: ['sh', '-c', '$HOME | `x` "', ''] }, []],
  ['64 KiB of words', { commandArgv: [kib(32), 'x'.repeat(32 * 1024 - 1)] }, []],
  ['more than 64 KiB of words', { commandArgv: [kib(32), kib(32)] }, ['commandArgv INVALID']],
  ['more than 64 KiB of words in UTF-8', { commandArgv: ['é'.repeat(32 * 1024), ''] }, ['commandArgv INVALID']],
  ['too many words', { commandArgv: Array.from({ length: 10_001 }, () => '') }, ['commandArgv INVALID']],
  ['32 KiB of a value, 256 KiB together', { env: variables(8, kib(32)) }, []],
  ['more than 32 KiB of a value', { env: variables(1, `${kib(32)}x`) }, ['env.0.value INVALID']],
  ['more than 32 KiB of UTF-8', { env: variables(1, `${'é'.repeat(16 * 1024)}x`) }, ['env.0.value INVALID']],
  ['more than 256 KiB of values', { env: [...variables(8, kib(32)), { name: 'X', value: 'x' }] }, ['env INVALID']],
  ['more than 256 KiB of values in UTF-8', { env: variables(9, 'é'.repeat(15 * 1024)) }, ['env INVALID']],
  ['1,000 variables', { env: variables(1000, '') }, []],
  ['1,001 variables', { env: variables(1001, '\0') }, ['env INVALID']],
  ['a variable of 253 characters', { env: [{ name: 'A'.repeat(253), value: '' }] }, []],
  ['a variable of 254 characters', { env: [{ name: 'A'.repeat(254), value: '' }] }, ['env.0.name INVALID']],
  ['a variable without name', { env: [{ name: '', value: '' }] }, ['env.0.name INVALID']],
  ['a variable with a dot', { env: [{ name: 'A.B', value: '' }] }, ['env.0.name INVALID']],
  ['a variable that JavaScript would lose', { env: [{ name: '__proto__', value: '' }] }, ['env.0.name INVALID']],
  ['a variable with a line end', { env: [{ name: 'A\n', value: '' }] }, ['env.0.name INVALID']],
  ['names that differ in case', { env: ['a', 'A', '_a'].map((name) => ({ name, value: '' })) }, []],
  [
    'names that come again',
    { env: ['A', 'B', 'A', 'A'].map((name) => ({ name, value: '' })) },
    ['env.2.name INVALID', 'env.3.name INVALID'],
  ],
  [
    'reserved variables',
    { env: ['JOB_COMPLETION_INDEX', 'JOB_COMPLETIONS', 'job_completions'].map((name) => ({ name, value: '' })) },
    ['env.0.name RESERVED_NAME', 'env.1.name RESERVED_NAME'],
  ],
  ['64 KiB of annotations', { annotations: [{ key: 'a', value: 'x'.repeat(64 * 1024 - 1) }] }, []],
  ['more than 64 KiB of annotations', { annotations: [{ key: 'a', value: kib(64) }] }, ['annotations INVALID']],
  [
    'more than 64 KiB of annotations in UTF-8',
    { annotations: [{ key: 'a', value: 'é'.repeat(32 * 1024) }] },
    ['annotations INVALID'],
  ],
  ['an annotation with NUL', { annotations: [{ key: 'a', value: '\0' }] }, ['annotations.0.value INVALID']],
  [
    'an annotation that comes again',
    {
      annotations: [
        { key: 'a/b', value: '1' },
        { key: 'a/b', value: '2' },
      ],
    },
    ['annotations.1.key INVALID'],
  ],
  ['too dear a choice', { placement: { maxPricePerHourCents: -1 } }, ['placement.maxPricePerHourCents INVALID']],
];

describe('parseCreateJob', () => {
  test.each(rules)('judges %s', (_, fields, expected) => {
    expect(issuesOf(() => parseCreateJob({ ...minimal, ...fields }, limits))).toEqual(expected);
  });
});
