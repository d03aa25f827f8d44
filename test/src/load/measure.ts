import { performance } from 'node:perf_hooks';

export interface Measured {
  readonly name: string;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** How long an action takes, `rounds` times after one that does not count, one after the other. */
export async function measure(name: string, rounds: number, action: () => Promise<unknown>): Promise<Measured> {
  await action();
  const timesMs: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const startMs = performance.now();
    await action();
    timesMs.push(performance.now() - startMs);
  }
  timesMs.sort((a, b) => a - b);
  const at = (share: number) => timesMs[Math.min(rounds - 1, Math.floor(rounds * share))] ?? Number.NaN;
  return { name, p50Ms: at(0.5), p99Ms: at(0.99) };
}

export function printTable(title: string, rows: readonly Measured[]): void {
  console.log(`\n${title}`);
  for (const { name, p50Ms, p99Ms } of rows) {
    console.log(`  ${name.padEnd(42)} p50 ${p50Ms.toFixed(1).padStart(8)} ms   p99 ${p99Ms.toFixed(1).padStart(8)} ms`);
  }
}
