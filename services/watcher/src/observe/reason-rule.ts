/** Where a cluster says why a pod, or a Kubernetes Job, does not go on. */
export const REASON_SOURCES = [
  'SCHEDULING',
  'CONTAINER_WAITING',
  'SETUP_EVENT',
  'FAILED_CREATE',
  'CONTAINER_TERMINATED',
  'POD_FAILED',
  'DISRUPTION',
] as const;

export type ReasonSource = (typeof REASON_SOURCES)[number];

/** What holds something up that has not run yet; the other sources tell of an attempt that is over. */
export const WAITING_SOURCES: ReadonlySet<ReasonSource> = new Set([
  'SCHEDULING',
  'CONTAINER_WAITING',
  'SETUP_EVENT',
  'FAILED_CREATE',
]);

/** A row of the table: what a cluster says, what callers read for it, and how long a job waits for it. */
export interface ReasonRule {
  readonly name: string;
  readonly from: ReasonSource;
  /** Fits the whole of the cluster's reason. */
  readonly reason: RegExp;
  /** Fits somewhere in the cluster's message; names between double quotes are not looked at. */
  readonly message: RegExp;
  readonly code: string;
  /** The job fails when this has held for as long; null: it waits. */
  readonly failsAfterMs: number | null;
  /** Code of the job that fails by it. */
  readonly failsAs: string;
  /** It says nothing new: a rule of the same code that held before holds on. */
  readonly continues: boolean;
}

/** Of several that fit, the first counts. */
export type ReasonRules = readonly ReasonRule[];

export function findRule(
  rules: ReasonRules,
  from: ReasonSource,
  reason: string,
  message: string,
): ReasonRule | undefined {
  // An image may be called "not-found".
  const words = message.replaceAll(/"[^"]*"/g, '""');
  return rules.find((rule) => rule.from === from && rule.reason.test(reason) && rule.message.test(words));
}

/** How long a job waits at most for all that has this code; Infinity where some of it is waited for without end. */
export function longestGraceMs(rules: ReasonRules, code: string): number {
  return Math.max(...rules.filter((rule) => rule.code === code).map((rule) => rule.failsAfterMs ?? Infinity));
}
