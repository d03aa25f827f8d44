/** What can be done to one part of the environment, by name: `kill`, `start`… Each resolves when it is done. */
export type Faults = Readonly<Record<string, () => Promise<void>>>;

/** By target: `postgres`, `local-east/etcd`… */
export type FaultTargets = Readonly<Record<string, Faults>>;
