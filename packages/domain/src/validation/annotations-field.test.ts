import { describe, expect, test } from 'vitest';
import { issuesOf } from './testing/issues-of.js';
import { parseCreateJob } from './parse-create-job.js';

const limits = { maxParallelism: 1000, reservedAnnotationPrefix: 'ccluster.io' };
const minimal = { name: 'train', imageUrl: 'busybox', imageTag: 'latest' };

const keys: [key: string, code: string | null][] = [
  ['a', null],
  ['Team.name_x-1', null],
  ['example.com/a', null],
  [`${'a'.repeat(253)}/${'b'.repeat(63)}`, null],
  ['my-kubernetes.io.example.com/a', null],
  ['kubernetes.io', null],
  ['notccluster.io/a', null],
  ['', 'INVALID'],
  ['/a', 'INVALID'],
  ['a/', 'INVALID'],
  ['a/b/c', 'INVALID'],
  ['-a', 'INVALID'],
  ['a-', 'INVALID'],
  ['a b', 'INVALID'],
  ['ä', 'INVALID'],
  ['a\n', 'INVALID'],
  ['Example.com/a', 'INVALID'],
  ['exa_mple.com/a', 'INVALID'],
  ['example..com/a', 'INVALID'],
  ['b'.repeat(64), 'INVALID'],
  [`${'a'.repeat(254)}/b`, 'INVALID'],
  ['kubernetes.io/a', 'RESERVED_NAME'],
  ['batch.kubernetes.io/a', 'RESERVED_NAME'],
  ['k8s.io/a', 'RESERVED_NAME'],
  ['x.k8s.io/a', 'RESERVED_NAME'],
  ['kueue.x-k8s.io/queue-name', 'RESERVED_NAME'],
  ['ccluster.io/intent', 'RESERVED_NAME'],
  ['x.ccluster.io/a', 'RESERVED_NAME'],
];

describe('an annotation key', () => {
  test.each(keys)('%j: %s', (key, code) => {
    const parse = () => parseCreateJob({ ...minimal, annotations: [{ key, value: '' }] }, limits);
    expect(issuesOf(parse)).toEqual(code === null ? [] : [`annotations.0.key ${code}`]);
  });
});
