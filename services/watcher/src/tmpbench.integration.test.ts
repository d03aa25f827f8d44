import { afterAll, beforeAll, expect, it } from 'vitest';
import { WatchedWorld } from './testing/watched-world.js';
let world: WatchedWorld; 
beforeAll(async () => { world = await WatchedWorld.open(); });
afterAll(() => world.close());
const shell = (script: string) => ['/bin/sh', '-c', script];
it('bench', async () => {
  const cluster = await world.register();
  const logs: unknown[] = [];
  const log = { info: (...a: unknown[]) => logs.push(a), warn: (...a: unknown[]) => logs.push(a), error: (...a: unknown[]) => logs.push(a), debug() {}, child() { return log; } };
  world.watch('first', { logLimitBytes: 1e9, log: log as never });
  const t = Date.now();
  const r = await world.startJob(cluster, { completions: 20, parallelism: 20, argv: shell('i=0; while [ $i -lt 3000 ]; do echo "line $i xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"; i=$((i+1)); done') });
  await world.untilStatus(r.id, 'SUCCEEDED', 120_000);
  console.log('60000 lines', Date.now() - t);
  const l2 = await world.linesOf(r.id);
  for (const [k, v] of Object.entries(l2)) {
    const nums = v.map((x) => /^line (\d+) /.exec(x)?.[1] ?? x).map(String);
    let firstBad = nums.findIndex((x, i) => x !== String(i));
    console.log(k, v.length, 'last', v.at(-1)?.slice(0, 60), 'firstBad', firstBad, nums.slice(firstBad - 1, firstBad + 3));
  }
  console.log(JSON.stringify(logs).slice(0, 6000));
  expect(1).toBe(1);
}, 300_000);
