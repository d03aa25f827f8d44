import { SIMULATED } from '../clusters/real-nodes.js';

/** How the pods of one instance type seem to run. */
export interface Behaviour {
  /** Of the instance type. */
  readonly name: string;
  /** A label of every simulated node; a pod that selects by it behaves so. */
  readonly label: string;
  readonly runsMs: number;
  /** Of 100 pods, drawn at random: how many fail with exit code 1. */
  readonly failing: number;
}

export const BEHAVIOURS: readonly Behaviour[] = [
  { name: 'kwok', label: SIMULATED, runsMs: 1_000, failing: 0 },
  { name: 'kwok-fast', label: `${SIMULATED}-fast`, runsMs: 0, failing: 0 },
  { name: 'kwok-slow', label: `${SIMULATED}-slow`, runsMs: 30_000, failing: 0 },
  { name: 'kwok-flaky', label: `${SIMULATED}-flaky`, runsMs: 1_000, failing: 10 },
];

/** `CreateInstanceTypeInput` without its cluster: so small that only GPUs run out. */
export function simulatedInstanceTypes() {
  return BEHAVIOURS.map(({ name, label }) => ({
    name,
    gpuType: 'KWOK',
    gpuCount: 1,
    gpuMemoryMiB: null,
    cpuMillicores: 10,
    memoryMiB: 16,
    sharedMemoryMiB: 1,
    pricePerHourCents: 1,
    nodeSelector: [{ key: label, value: 'true' }],
    tolerations: [{ key: SIMULATED, value: 'true', effect: 'NoSchedule' }],
  }));
}
