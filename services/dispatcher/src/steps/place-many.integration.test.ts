import { instanceTypes, readPlacementSnapshot, wakePlaceableJobs } from '@ccluster/db';
import type { JobState } from '@ccluster/domain';
import { aJobSpec } from '@ccluster/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openDispatchFixture, type DispatchFixture } from '../testing/dispatch-fixture.js';

interface Case {
  /** GPUs by cluster. */
  readonly gpus: readonly number[];
  /** Oldest first: GPUs of the one replica of each job. */
  readonly sizes: readonly number[];
  /** In which order dispatchers get to the jobs, and which job ends first. */
  readonly order: readonly number[];
}

const cases = fc.record({
  gpus: fc.array(fc.nat(8), { minLength: 3, maxLength: 3 }),
  sizes: fc.oneof(
    fc.constantFrom(1, 2).map((size) => Array<number>(24).fill(size)),
    fc.array(fc.constantFrom(1, 2, 4), { minLength: 24, maxLength: 24 }),
  ),
  order: fc.shuffledSubarray(
    Array.from({ length: 24 }, (_, i) => i),
    { minLength: 24 },
  ),
});

interface PlacedJob {
  readonly id: string;
  readonly size: number;
  readonly state: JobState;
}

describe('many dispatchers that place at once', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])(
    'give away no more than there is, to the oldest first (seed %i)',
    async (seed) => {
      const [each] = fc.sample(cases, { seed, numRuns: 1 });
      if (each === undefined) throw new Error('There is no case');
      await expect(check(each)).resolves.toBeUndefined();
    },
  );
});

async function check({ gpus, sizes, order }: Case): Promise<void> {
  const fixture = await openDispatchFixture();
  try {
    for (const [i, room] of gpus.entries()) await addCluster(fixture, `cluster-${i}`, room);
    for (const size of sizes) await fixture.addJob({ requestedPlacement: atLeast(size) });
    const { line } = await readPlacementSnapshot(fixture.context.database.db);
    const jobs = line.map(({ id, requested }) => ({ id, size: requested.minGpuCount ?? 0 }));
    await Promise.all(order.map((i) => fixture.work(jobs[i]?.id ?? '')));
    await placeAllThatCan(fixture);
    expectFair(await readJobs(fixture, jobs), gpus);

    for (const i of order.slice(0, 12)) {
      await fixture.happen(jobs[i]?.id ?? '', { type: 'CANCEL_REQUESTED', by: 'somebody', reason: null });
    }
    await placeAllThatCan(fixture);
    expectFair(await readJobs(fixture, jobs), gpus);
  } finally {
    await fixture.close();
  }
}

/** Until nobody is woken any more: whoever waits then could not go. */
async function placeAllThatCan({ context, work, stateOf, hinted }: DispatchFixture): Promise<void> {
  for (;;) {
    const woken = await wakePlaceableJobs(context.database.db);
    if (woken.length === 0) return;
    await Promise.all(woken.map(({ id }) => work(id)));
    await Promise.all(hinted.splice(0).map(work));
    const phases = (await Promise.all(woken.map(({ id }) => stateOf(id)))).map((state) => state.phase);
    expect(phases).toContain('ARMED');
  }
}

/** Sizes of one, two and four GPUs out of the same ones. */
async function addCluster({ addCluster, context }: DispatchFixture, id: string, room: number): Promise<void> {
  await addCluster(id, room, 100);
  const { db } = context.database;
  const [one] = (await db.select().from(instanceTypes)).filter(({ clusterId }) => clusterId === id);
  if (one === undefined) throw new Error(`${id} has no instance type`);
  const others = [2, 4].map((gpuCount) => ({
    ...one,
    id: `${one.id}_${gpuCount}`,
    name: `${gpuCount}-gpus`,
    gpuCount,
    pricePerHourCents: gpuCount * one.pricePerHourCents,
    room: Math.floor(room / gpuCount),
  }));
  await db.insert(instanceTypes).values(others);
}

function atLeast(minGpuCount: number) {
  return { ...aJobSpec().requestedPlacement, minGpuCount };
}

function readJobs(fixture: DispatchFixture, jobs: readonly { id: string; size: number }[]): Promise<PlacedJob[]> {
  return Promise.all(jobs.map(async (job) => ({ ...job, state: await fixture.stateOf(job.id) })));
}

function expectFair(jobs: readonly PlacedJob[], gpus: readonly number[]): void {
  const taken = gpus.map((_, i) => sum(jobs.filter((job) => isOn(job, `cluster-${i}`)).map(gpusOf)));
  for (const [i, room] of gpus.entries()) expect(taken[i]).toBeLessThanOrEqual(room);
  for (const [i, waiting] of jobs.entries()) {
    if (waiting.state.phase !== 'QUEUED') continue;
    expect(waiting.state.reason?.code).toBe('WAITING_FOR_CAPACITY');
    const overtaking = jobs.slice(i + 1).filter(({ state }) => state.phase === 'ARMED');
    expect(overtaking).toEqual([]);
  }
}

function isOn({ state }: PlacedJob, clusterId: string): boolean {
  return state.phase === 'ARMED' && state.placement.clusterId === clusterId;
}

/** What it was given, which may be more than it asked for at least. */
function gpusOf({ state }: PlacedJob): number {
  const name = state.phase === 'ARMED' ? state.placement.instanceTypeName : '';
  return name === 'one-gpu' ? 1 : Number.parseInt(name, 10);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
