import { randomUUID } from 'node:crypto';

import type { CreateJobInput } from '@ccluster/client';

import type { Random } from '../../random.js';

/** An input with something in each part of it, secrets too, that nothing will ever run. */
export function aReplayedInput(random: Random): CreateJobInput & { readonly requestId: string } {
  const completions = random.between(1, 50);
  return {
    requestId: randomUUID(),
    name: `r-${randomUUID().slice(0, 13)}`,
    imageUrl: 'registry.example/nothing',
    imageTag: String(random.between(1, 9)),
    imagePullSecret: { username: 'puller', password: randomUUID() },
    completions,
    parallelism: random.between(1, completions),
    command: `/bin/sh -c 'echo ${random.between(1, 1_000_000)}'`,
    env: [
      { name: 'SECRET', value: randomUUID() },
      { name: 'PLAIN', value: 'ä\n"', secret: false },
    ],
    annotations: [{ key: 'example.com/note', value: randomUUID() }],
  };
}

/** The same request in other words: what is the default is written out, null or left out, and fields come in any order. */
export function reworded(input: CreateJobInput, random: Random): CreateJobInput {
  const defaults: Readonly<Record<string, unknown>> = {
    backoffLimit: 3,
    activeDeadlineSeconds: null,
    enableLogging: true,
    commandArgv: null,
    placement: random.pick([null, {}, { regions: [], clusterId: null }]),
  };
  const written = Object.entries(defaults).flatMap(([field, value]) => {
    const way = random.pick(['as it is', 'null', 'left out']);
    return way === 'left out' ? [] : [[field, way === 'null' ? null : value] as const];
  });
  const env = (input.env ?? []).map((each) =>
    each.secret === undefined && random.next() < 0.5 ? { ...each, secret: true } : each,
  );
  const fields = [...Object.entries({ ...input, env }), ...written];
  const shuffled = fields.map((field) => ({ field, place: random.next() })).toSorted((a, b) => a.place - b.place);
  return Object.fromEntries(shuffled.map(({ field }) => field)) as unknown as CreateJobInput;
}

/** Another request under the same id: one thing of it differs. */
export function changed(input: CreateJobInput, random: Random): CreateJobInput {
  const changes: readonly Partial<CreateJobInput>[] = [
    { imageTag: 'other' },
    { completions: (input.completions ?? 1) + 1 },
    { backoffLimit: 0 },
    { enableLogging: false },
    { imagePullSecret: { username: 'puller', password: randomUUID() } },
    { imagePullSecret: null },
    { env: [] },
    { env: (input.env ?? []).map((each) => ({ ...each, value: `${each.value} ` })) },
    { env: (input.env ?? []).toReversed() },
    { annotations: [] },
    { command: null },
    { placement: { minGpuCount: 0 } },
    { name: `o-${randomUUID().slice(0, 13)}` },
  ];
  return { ...input, ...random.pick(changes) };
}
