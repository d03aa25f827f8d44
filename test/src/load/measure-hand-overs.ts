import { setTimeout as sleep } from 'node:timers/promises';
import { waitFor } from '@ccluster/testkit';
import { shellJob } from '../support/job-input.js';
import { startPlatform, type Platform } from '../support/platform.js';
import { watchPods } from './watch-pods.js';

const HAND_OVERS = 20;
/** Of one GPU each: all that the east has. */
const REPLICAS = 8;
/** Ends at once when it is told to. */
const UNTIL_TOLD = "trap 'exit 0' TERM; sleep 600 & wait";
/** A job that waits is looked at every few seconds anyway: capacity is freed at moments spread over that. */
const SPREAD_MS = 4_000;
/** Coprime to the number of hand-overs, so that each moment comes once and in no order. */
const STRIDE = 7;

/** How long freed GPUs stay unused: from the first pod of a job that has ended to the first of the job that waits. */
async function measureHandOvers(): Promise<void> {
  const platform = await startPlatform('hand-overs');
  const { client, environment } = platform;
  const east = environment.clusters.find(({ name }) => name === 'local-east');
  if (east === undefined) throw new Error('The environment has no cluster in the east');
  const pods = await watchPods(east);
  try {
    const timesMs: number[] = [];
    let running = await submit(platform);
    for (let i = 0; i < HAND_OVERS; i += 1) {
      await becomes(`${running} to run`, () => pods.of(running).running.size === REPLICAS);
      const next = await submit(platform);
      await becomes(
        `${next} to wait`,
        async () => (await client.findJob(next))?.reason?.code === 'WAITING_FOR_CAPACITY',
      );
      await sleep(((i * STRIDE) % HAND_OVERS) * (SPREAD_MS / HAND_OVERS));
      await client.cancelJob(running);
      const freedMs = await becomes('a pod to end', () => pods.of(running).endedMs);
      timesMs.push((await becomes('a pod of the next job', () => pods.of(next).firstMs)) - freedMs);
      running = next;
    }
    await client.cancelJob(running);
    await client.waitForEnd(running);
    print(timesMs);
  } finally {
    pods.stop();
    await platform.stop();
  }
}

const becomes = <T>(what: string, find: () => Promise<T> | T) => waitFor(find, { timeoutMs: 60_000, what });

async function submit({ client, environment }: Platform): Promise<string> {
  // Two instance types match: for a sole one it would not wait here, but on its nodes.
  const placement = { gpuTypes: ['H100'] };
  // A measurement that breaks off must not keep the GPUs from others.
  const shape = { completions: REPLICAS, parallelism: REPLICAS, placement, activeDeadlineSeconds: 120 };
  return (await client.createJob(shellJob(environment, UNTIL_TOLD, shape))).id;
}

function print(timesMs: readonly number[]): void {
  const sorted = timesMs.map(Math.round).toSorted((a, b) => a - b);
  console.log(`\nFrom a pod's end to the next job's pod, ${sorted.length} times`);
  console.log(`  p50 ${sorted[Math.floor(sorted.length / 2)]} ms   max ${sorted.at(-1)} ms   all ${sorted.join(' ')}`);
}

await measureHandOvers();
