import { existsSync } from 'node:fs';

import { parseAuditEvent, type AuditedRequest } from './audit-event.js';
import { readJsonLines } from './json-lines.js';
import { jobRequestOf, type JobRequest } from './kubernetes-job-log.js';
import { addPodRequest, noPodFacts, podNameOf, type PodFacts } from './pod-log.js';

/** A cluster's audit log, by the name of what each request was for: `<namespace>/<name>`. */
export interface AuditLog {
  readonly jobs: Map<string, JobRequest[]>;
  readonly pods: Map<string, PodFacts>;
}

export function emptyAuditLog(): AuditLog {
  return { jobs: new Map(), pods: new Map() };
}

/**
 * Reads an audit log; where no request was ever written down there is none.
 * @param since what came earlier is passed over
 */
export async function readAuditLog(path: string, since: number): Promise<AuditLog> {
  const log = emptyAuditLog();
  if (!existsSync(path)) return log;
  for await (const unsafeEvent of readJsonLines(path, parseAuditLine)) {
    if (unsafeEvent !== undefined) addAuditEvent(log, unsafeEvent, since);
  }
  return log;
}

const BEGINNING = '{"kind":"Event"';

/** An API server that was killed may have cut its last line short: then the next one begins in the same line. */
function parseAuditLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    const next = line.lastIndexOf(BEGINNING);
    return next <= 0 ? undefined : parseAuditLine(line.slice(next));
  }
}

export function addAuditEvent(log: AuditLog, unsafeEvent: unknown, since: number): void {
  const request = parseAuditEvent(unsafeEvent);
  if (request === undefined || request.requestReceivedTimestamp < since) return;
  if (request.objectRef.resource === 'jobs') addJobRequest(log, request);
  if (request.objectRef.resource === 'pods' && !request.isDoubtful) addPod(log, request);
}

function addJobRequest({ jobs }: AuditLog, request: AuditedRequest): void {
  const { namespace, name = request.responseObject?.metadata.name } = request.objectRef;
  if (name === undefined) return;
  const key = `${namespace}/${name}`;
  const requests = jobs.get(key);
  if (requests === undefined) jobs.set(key, [jobRequestOf(request)]);
  else requests.push(jobRequestOf(request));
}

function addPod({ pods }: AuditLog, request: AuditedRequest): void {
  const name = podNameOf(request);
  if (name === undefined) return;
  const key = `${request.objectRef.namespace}/${name}`;
  let pod = pods.get(key);
  if (pod === undefined) {
    pod = noPodFacts();
    pods.set(key, pod);
  }
  addPodRequest(pod, request);
}
