import type { Disruption } from './disruption.js';

/** One disruption that happened. */
export interface Measured {
  readonly name: Disruption['name'];
  /** From its end until all its watches were open again and the product showed what the cluster had said until then. */
  readonly convergenceMs: number;
  /** How much of that was not shown at first. */
  readonly hidden: number;
}

export const TARGET_P99_MS = 2_000;

export interface Summary {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly figures: Readonly<Record<string, string>>;
}

/** Throws where nothing was measured. */
export function summarize(measured: readonly Measured[]): Summary {
  const times = measured.map(({ convergenceMs }) => convergenceMs);
  const p50Ms = shareOf(times, 0.5);
  const p99Ms = shareOf(times, 0.99);
  const names = [...new Set(measured.map(({ name }) => name))].toSorted();
  const slowest = names
    .map(
      (name) =>
        [name, Math.max(...measured.filter((each) => each.name === name).map((each) => each.convergenceMs))] as const,
    )
    .toSorted(([, left], [, right]) => right - left);
  return {
    p50Ms,
    p99Ms,
    figures: {
      'convergence p50': seconds(p50Ms),
      'convergence p99': seconds(p99Ms),
      'within 2 s': `${measured.filter(({ convergenceMs }) => convergenceMs <= TARGET_P99_MS).length} of ${measured.length}`,
      'slowest by kind': slowest
        .slice(0, 3)
        .map(([name, ms]) => `${name} ${seconds(ms)}`)
        .join(', '),
      'with something missed meanwhile': `${measured.filter(({ hidden }) => hidden > 0).length} of ${measured.length}`,
    },
  };
}

/** The value that this share of all is at most. */
function shareOf(values: readonly number[], share: number): number {
  const value = values.toSorted((left, right) => left - right)[Math.ceil(values.length * share) - 1];
  if (value === undefined) throw new Error('Nothing was measured');
  return value;
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(2)} s`;
}
