import type { Random } from '../../random.js';
import { anyText, dnsName, framed, labelValue, qualifiedName, text } from './texts.js';

/** Of all fields, those that are nearly right: most inputs should be right as a whole. */
const NEAR_MISSES = 0.02;
const KIB = 1024;
const MAX_INT = 2_147_483_647;
const LOWER = 'abcdefghijklmnopqrstuvwxyz';

/** One of the right values, from the shortest to the longest, or now and then one that is nearly right. */
function field<T, Miss>(random: Random, right: readonly (() => T)[], misses: readonly (() => Miss)[]): T | Miss {
  return random.next() < NEAR_MISSES && misses.length > 0 ? random.pick(misses)() : random.pick(right)();
}

const constant =
  <T>(value: T) =>
  () =>
    value;

/** A `CreateJobInput`, right or nearly so. */
export function generateJobInput(random: Random): Record<string, unknown> {
  const completions = field<number, number>(random, [1, 2, 7, 100_000].map(constant), [0, -1, 100_001].map(constant));
  return {
    name: generateName(random),
    imageUrl: generateImageUrl(random),
    imageTag: field(
      random,
      [constant('1'), constant(`sha256:${'a'.repeat(64)}`), () => framed(random, 128, `${LOWER}_`, `${LOWER}._-`)],
      ['', '-a', '.a', 'a b', 'ä', `sha256:${'a'.repeat(63)}`, 'a'.repeat(129)].map(constant),
    ),
    imagePullSecret: generatePullSecret(random),
    completions,
    parallelism: field(random, [constant(1), () => Math.max(completions, 1)], [0, completions + 1].map(constant)),
    backoffLimit: field(random, [0, 3, MAX_INT].map(constant), [-1, MAX_INT + 1].map(constant)),
    activeDeadlineSeconds: field(random, [null, 1, MAX_INT].map(constant), [0, MAX_INT + 1].map(constant)),
    ...generateCommand(random),
    enableLogging: random.next() < 0.5,
    env: generateEnv(random),
    annotations: generateAnnotations(random),
  };
}

/** A `CreateInstanceTypeInput`, right or nearly so. */
export function generateInstanceType(random: Random): Record<string, unknown> {
  const memoryMiB = random.pick([1, 64, MAX_INT]);
  const gpuCount = random.pick([0, 1, 8, MAX_INT]);
  return {
    clusterId: 'cl_any',
    name: generateName(random),
    gpuCount,
    gpuType: gpuCount === 0 ? null : 'H100',
    cpuMillicores: random.pick([1, 500, MAX_INT]),
    memoryMiB,
    sharedMemoryMiB: random.pick([null, 1, memoryMiB]),
    acceleratorResource: field(
      random,
      [constant('nvidia.com/gpu'), constant('amd.com/gpu'), () => `${dnsName(random, random.pick([1, 60, 200]))}/gpu`],
      ['kubernetes.io/gpu', 'x.kubernetes.io/gpu', 'requests.example/gpu', 'gpu', 'cpu', 'A.b/gpu', '/gpu']
        .map(constant)
        .concat([() => qualifiedName(random), () => `${dnsName(random, 253)}/gpu`]),
    ),
    pricePerHourCents: random.pick([0, MAX_INT]),
    nodeSelector: Array.from({ length: random.pick([0, 1, 50]) }, () => ({
      key: qualifiedName(random),
      value: labelValue(random),
    })),
    tolerations: Array.from({ length: random.pick([0, 1, 50]) }, (_, i) => ({
      key: qualifiedName(random),
      value: random.pick([null, labelValue(random)]),
      effect: field(
        random,
        [null, 'NoSchedule', 'PreferNoSchedule', 'NoExecute'].map(constant),
        i === 0 ? [constant('None')] : [],
      ),
    })),
  };
}

function generateName(random: Random): string {
  const inner = `${LOWER}0123456789-`;
  const right = [1, 2, 5, 20].map((length) => () => {
    const rest = length === 1 ? '' : framed(random, length - 1, `${LOWER}0123456789`, inner);
    return text(random, 1, LOWER) + rest;
  });
  return field(
    random,
    [...right, constant('a--b')],
    ['', '1a', 'a-', '-a', 'A', 'a_b', 'a.b', 'ä', 'a\n', 'a'.repeat(21)].map(constant),
  );
}

function generateImageUrl(random: Random): string {
  const path = (length: number) => framed(random, length, `${LOWER}0123456789`, `${LOWER}0123456789`);
  const misses = ['', 'https://a/b', 'a:1', 'a@sha256:0', 'a//b', '/a', 'a/', 'A/b c', 'a/B', 'a b', 'a'.repeat(256)];
  return field(
    random,
    [
      () => path(1),
      () => path(255),
      () => `${dnsName(random, 40)}:5000/${path(5)}/${path(3)}`,
      constant('Registry.EXAMPLE:65535/a__b/c-d.e_f'),
      constant('[2001:db8::1]:5000/a---b'),
      constant('docker.io/library/busybox'),
    ],
    misses.map(constant),
  );
}

function generatePullSecret(random: Random): unknown {
  const right = [
    constant(null),
    constant({ username: '', password: '' }),
    () => ({ username: anyText(random, 12), password: anyText(random, 40) }),
    () => ({ username: 'a:b', password: anyText(random, random.pick([1, 8 * KIB])) }),
  ];
  return field(random, right, [constant({ username: 'a', password: '' }), constant({ username: '', password: 'a' })]);
}

function generateCommand(random: Random): Record<string, unknown> {
  const words = (count: number, length: number) => () => ({
    commandArgv: Array.from({ length: count }, () => anyText(random, random.between(0, length))),
  });
  return field<Record<string, unknown>, Record<string, unknown>>(
    random,
    [
      constant({}),
      constant({ command: '' }),
      constant({ command: `/bin/sh -c 'echo $HOME $(date) && exit'` }),
      constant({ command: 'a "b c" \\$d # e\nf' }),
      words(1, 30),
      words(20, 200),
      words(10_000, 2),
      constant({ commandArgv: ['$'.repeat(64 * KIB)] }),
      constant({ commandArgv: [''] }),
    ],
    [
      constant({ command: 'echo $HOME' }),
      constant({ command: "'open" }),
      constant({ commandArgv: ['a\u0000'] }),
      constant({ commandArgv: ['a'.repeat(64 * KIB + 1)] }),
      constant({ command: 'a', commandArgv: ['a'] }),
    ],
  );
}

function generateEnv(random: Random): unknown[] {
  const first = `${LOWER}_${LOWER.toUpperCase()}`;
  const count = random.pick([0, 1, 3, 3, 3, 1000]);
  const longest = count > 100 ? 200 : random.pick([10, 10, KIB, 32 * KIB]);
  const special = ['constructor', 'toString', '_', 'PATH', 'HOME', 'KUBERNETES_SERVICE_HOST', 'hasOwnProperty'];
  const misses = [
    '',
    '1A',
    'A-B',
    'A.B',
    'Ä',
    'A B',
    'JOB_COMPLETIONS',
    'JOB_COMPLETION_INDEX',
    '__proto__',
    'A'.repeat(254),
  ];
  return Array.from({ length: count }, (_, i) => ({
    name:
      random.next() < NEAR_MISSES / Math.max(count, 1)
        ? random.pick(misses)
        : random.pick([`${text(random, random.pick([1, 10, 240]), first)}_${i}`, ...special.slice(i, i + 1)]),
    value: anyText(random, random.between(0, longest)),
    ...(random.next() < 0.3 ? {} : { secret: random.next() < 0.5 }),
  }));
}

function generateAnnotations(random: Random): unknown[] {
  const count = random.pick([0, 0, 1, 3, 100]);
  const longest = count > 10 ? 100 : random.pick([10, KIB, 20 * KIB]);
  const misses = [
    '',
    'a/',
    '/a',
    'a/b/c',
    'A.b/c',
    'a b',
    'kubernetes.io/a',
    'kueue.x-k8s.io/queue-name',
    'ccluster.io/intent',
  ];
  return Array.from({ length: count }, () => ({
    key: random.next() < NEAR_MISSES / count ? random.pick([...misses, 'a'.repeat(64)]) : qualifiedName(random),
    value: anyText(random, random.between(0, longest)),
  }));
}
