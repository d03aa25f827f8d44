import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';

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
 * Reads an audit log and the files that it was rotated to.
 * @param since what came earlier is passed over
 */
export async function readAuditLog(path: string, since: number): Promise<AuditLog> {
  const log = emptyAuditLog();
  for (const file of await filesOf(path, since)) {
    for await (const unsafeEvent of readJsonLines(file)) addAuditEvent(log, unsafeEvent, since);
  }
  return log;
}

export function addAuditEvent(log: AuditLog, unsafeEvent: unknown, since: number): void {
  const request = parseAuditEvent(unsafeEvent);
  if (request === undefined || request.requestReceivedTimestamp < since) return;
  if (request.objectRef.resource === 'jobs') addJobRequest(log, request);
  if (request.objectRef.resource === 'pods') addPod(log, request);
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

/** `audit.log`, and `audit-<time>.log` beside it, those last written before `since` left out. */
async function filesOf(path: string, since: number): Promise<string[]> {
  const ending = extname(path);
  const beginning = `${basename(path, ending)}-`;
  const rotated = (await readdir(dirname(path))).filter((name) => name.startsWith(beginning) && name.endsWith(ending));
  const files: string[] = [];
  for (const name of rotated.toSorted()) {
    const file = join(dirname(path), name);
    if ((await stat(file)).mtimeMs >= since) files.push(file);
  }
  return [...files, path];
}
