import type { Violation } from '../../violation.js';
import { partsOfHostname } from '../cluster-records.js';
import type { Evidence } from '../evidence.js';
import type { RequestAnswer } from '../history-evidence.js';

/** Promise 2: one request id, one job; and each job was made by one request. */
export function checkIdempotent(evidence: Evidence): Violation[] {
  return [...checkRequests(evidence), ...checkJobs(evidence), ...checkBeacons(evidence)];
}

function checkRequests({ history, requests }: Evidence): Violation[] {
  return [...history.requests].flatMap(([requestId, answers]) => {
    const what = whatIsWrong(answers, requests.get(requestId), history.jobs);
    return what === undefined ? [] : [{ rule: 'P2 idempotent', subject: requestId, what }];
  });
}

function whatIsWrong(
  answers: readonly RequestAnswer[],
  storedJobId: string | undefined,
  seen: Evidence['history']['jobs'],
): string | undefined {
  const jobIds = new Set(answers.flatMap(({ jobId }) => jobId ?? []));
  if (jobIds.size > 1) return `was answered with ${[...jobIds].join(' and ')}`;
  const [jobId] = jobIds;
  if (jobId !== undefined && storedJobId !== undefined && storedJobId !== jobId)
    return `was answered with ${jobId}, and is stored for ${storedJobId}`;
  const first = answers.find((answer) => answer.jobId !== null);
  const later = first === undefined ? [] : answers.slice(answers.indexOf(first) + 1);
  const isOther = ({ digest }: RequestAnswer) => digest !== null && first?.digest != null && digest !== first.digest;
  const taken = later.find((answer) => isOther(answer) && answer.code === null);
  if (taken !== undefined) return `was answered with ${jobId}, though its input was another`;
  const refused = later.find((answer) => !isOther(answer) && REFUSALS.has(answer.code ?? ''));
  if (refused === undefined || (refused.code === 'JOB_DELETED' && seen.get(jobId ?? '')?.deleted === true))
    return undefined;
  return `was answered with ${refused.code}, though its input was that of ${jobId}`;
}

/** Of which the answer says that it knows the request id. */
const REFUSALS: ReadonlySet<string> = new Set(['REQUEST_ID_CONFLICT', 'JOB_DELETED', 'JOB_NAME_TAKEN']);

function checkJobs({ history }: Evidence): Violation[] {
  return [...history.jobs].flatMap(([jobId, { created }]) => {
    const requests = new Set(
      created.map(({ requestId, digest }) => `${requestId ?? 'no request id'}, input ${digest}`),
    );
    if (requests.size < 2 && (created.length < 2 || created[0]?.requestId !== null)) return [];
    const what = `was made by ${created.length} requests: ${[...requests].join('; ')}`;
    return [{ rule: 'P2 idempotent', subject: jobId, what }];
  });
}

/** Pods tell which script they run: it was sent once, so no two jobs may have it, but for those that run one again. */
function checkBeacons({ history, jobOfName }: Evidence): Violation[] {
  const jobsOfToken = new Map<string, Set<string>>();
  for (const { jobToken, hostname } of history.beacons) {
    const jobId = jobOfName.get(partsOfHostname(hostname).kubernetesJobName);
    if (jobId === undefined || history.jobs.get(jobId)?.rerun != null) continue;
    const jobIds = jobsOfToken.get(jobToken) ?? new Set();
    jobsOfToken.set(jobToken, jobIds.add(jobId));
  }
  return [...jobsOfToken].flatMap(([jobToken, jobIds]) => {
    if (jobIds.size < 2) return [];
    return [
      { rule: 'P2 idempotent', subject: jobToken, what: `was sent once, and ran as ${[...jobIds].join(' and ')}` },
    ];
  });
}
