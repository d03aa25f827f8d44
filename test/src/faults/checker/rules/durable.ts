import type { Violation } from '../../violation.js';
import { clock, type Evidence } from '../evidence.js';

/** Promise 1: whatever job a createJob or a rerunJob was answered with is there. */
export function checkDurable({ history, jobs }: Evidence): Violation[] {
  return [...history.jobs].flatMap(([jobId, { created, rerun, deleted, cancels }]) => {
    if (deleted || jobs.has(jobId)) return [];
    const at = created[0]?.at ?? cancels[0]?.at;
    const when = at === undefined ? '' : ` at ${clock(at)}`;
    const request = rerun === null ? 'createJob' : 'rerunJob';
    return [{ rule: 'P1 durable', subject: jobId, what: `${request} was answered${when}, and no row has it` }];
  });
}
