import type { Violation } from '../violation.js';
import type { Evidence } from './evidence.js';
import { checkCancel } from './rules/cancel.js';
import { checkDurable } from './rules/durable.js';
import { checkEndOrReason } from './rules/end-or-reason.js';
import { checkEvents } from './rules/events.js';
import { checkIdempotent } from './rules/idempotent.js';
import { checkLogs } from './rules/logs.js';
import { checkReleasedOnce } from './rules/released-once.js';
import { checkRerun } from './rules/rerun.js';
import { checkReservedVariables } from './rules/reserved-variables.js';
import { checkStrays } from './rules/strays.js';
import { checkSuspend } from './rules/suspend.js';
import { checkTasks } from './rules/tasks.js';
import { checkTerminalForEver } from './rules/terminal-for-ever.js';

export interface CheckOptions {
  /** How long a cluster may hold what no row owns; 0: nothing may be left over. Default: 5 minutes. */
  readonly longestStrayMs?: number;
}

const LONGEST_STRAY_MS = 5 * 60_000;

/** Everything that was promised and does not hold, by the evidence alone; `findCanaries` looks for secrets. */
export function checkEvidence(
  evidence: Evidence,
  { longestStrayMs = LONGEST_STRAY_MS }: CheckOptions = {},
): Violation[] {
  return [
    ...checkReleasedOnce(evidence),
    ...checkCancel(evidence),
    ...checkEndOrReason(evidence),
    ...checkTerminalForEver(evidence),
    ...checkStrays(evidence, longestStrayMs),
    ...checkDurable(evidence),
    ...checkIdempotent(evidence),
    ...checkTasks(evidence),
    ...checkEvents(evidence),
    ...checkLogs(evidence),
    ...checkReservedVariables(evidence),
    ...checkSuspend(evidence),
    ...checkRerun(evidence),
  ];
}
