import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { FaceOfCluster } from './cluster-server.js';

const MIB = 1024 * 1024;
const list = (items: string, more = '') => `{"metadata":{"resourceVersion":"1"${more}},"items":[${items}]}`;

/** What a hostile cluster says of somebody else's job. */
export interface ForeignJob {
  readonly jobId: string;
  readonly kubernetesUid: string;
  readonly installation: string;
  readonly clusterIds: readonly string[];
}

type Behave = NonNullable<FaceOfCluster['behave']>;

// Made once: what it costs to make them is not to be taken for what it costs to be given them.
const PAGE = Buffer.from(list(padding(2 * MIB), ',"continue":"more"'));
const DEEP = Buffer.from(`${'['.repeat(4 * MIB)}${']'.repeat(4 * MIB)}`);
const DEEP_OBJECTS = Buffer.from(`${'{"a":'.repeat(MIB)}1${'}'.repeat(MIB)}`);
const BOMB = gzipSync(Buffer.alloc(256 * MIB));
const LABELS = Buffer.from(list(labelled(7).join()));
const LINE = Buffer.alloc(MIB, 'x');

/** By name: how API servers behave that mean harm to whoever watches them. Each goes on as long as it is asked. */
export function hostileAttitudes(foreign: ForeignJob): Record<string, Behave> {
  return {
    'lists without end': onLists((response) => void response.end(PAGE)),
    'an object of 100 MiB': onLists((response) => pour(response, list('').slice(0, -2), LINE, 100)),
    'deep JSON': onLists((response) => void response.end(DEEP)),
    'deep objects': onLists((response) => void response.end(DEEP_OBJECTS)),
    'a gzip bomb': onLists((response) => {
      response.setHeader('content-encoding', 'gzip');
      response.end(BOMB);
    }),
    'labels of 8 MiB': onLists((response) => void response.end(LABELS)),
    'redirects to itself': onLists((response) => void response.writeHead(302, { location: '/api/v1/pods' }).end()),
    'answers that never come': onLists(() => undefined),
    'watches that never send': onWatches((response) => response.writeHead(200).flushHeaders()),
    'watches whose head never comes': onWatches(() => undefined),
    'a line without end': onWatches((response) => pour(response, '{"type":"ADDED","object":{"a":"', LINE)),
    'events without end': onWatches((response) => pour(response, '', podEvents(foreign))),
    'the jobs of others as its own': onLists((response, kind) => void response.end(list(lies(kind, foreign).join()))),
  };
}

function onLists(answer: (response: ServerResponse, kind: string) => void): Behave {
  return ({ kind, isWatch }, response) => {
    if (kind === '' || isWatch) return false;
    answer(response, kind);
    return true;
  };
}

function onWatches(answer: (response: ServerResponse) => void): Behave {
  return ({ kind, isWatch }, response) => {
    if (kind === '' || !isWatch) return false;
    answer(response);
    return true;
  };
}

/** As fast as it is taken. @param times not given: without end */
function pour(response: ServerResponse, start: string, piece: string | Buffer, times = Infinity): void {
  response.write(start === '' ? piece : start);
  let left = times;
  const pump = (): void => {
    while (!response.destroyed && left > 0) {
      left -= 1;
      if (!response.write(piece)) return void response.once('drain', pump);
    }
    if (!response.destroyed) response.end();
  };
  pump();
}

function padding(bytes: number): string {
  return `{"metadata":{"name":"a","uid":"a","resourceVersion":"1"},"text":"${'x'.repeat(bytes)}"}`;
}

function labelled(count: number): string[] {
  const labels = `{"a":"${'x'.repeat(8 * MIB)}"}`;
  return Array.from(
    { length: count },
    (_, i) => `{"metadata":{"name":"n${i}","uid":"n${i}","resourceVersion":"1","labels":${labels}}}`,
  );
}

const identity = (name: string, uid: string) => ({ name, uid, namespace: 'ccluster-jobs', resourceVersion: '5' });

function labelsOf({ installation, jobId }: ForeignJob, clusterId: string) {
  return { 'ccluster.io/installation': installation, 'ccluster.io/cluster': clusterId, 'ccluster.io/job-id': jobId };
}

/** Of each kind, for each cluster that the job could be said to be in: it has failed, and a thousand pods hold nodes. */
function lies(kind: string, foreign: ForeignJob): string[] {
  const all = foreign.clusterIds.flatMap((clusterId, i): unknown[] => {
    const labels = labelsOf(foreign, clusterId);
    if (kind === 'jobs') return [failedJob(foreign, labels, `job-${i}`)];
    return kind === 'pods' ? Array.from({ length: 1_000 }, (_, n) => pod(foreign, labels, `pod-${i}-${n}`)) : [];
  });
  return all.map((object) => JSON.stringify(object));
}

function failedJob({ kubernetesUid }: ForeignJob, labels: object, name: string): unknown {
  const failed = { type: 'Failed', status: 'True', reason: 'BackoffLimitExceeded', message: 'a lie' };
  const metadata = { ...identity(name, kubernetesUid), labels, annotations: { 'ccluster.io/intent': '1' } };
  return { metadata, spec: { suspend: false, parallelism: 1 }, status: { conditions: [failed] } };
}

function pod({ kubernetesUid }: ForeignJob, labels: object, name: string): unknown {
  const annotations = { 'batch.kubernetes.io/job-completion-index': '0' };
  const ownerReferences = [{ uid: kubernetesUid, controller: true }];
  const metadata = { ...identity(name, name), labels, annotations, ownerReferences, creationTimestamp: new Date() };
  return { metadata, spec: { nodeName: 'node-1', containers: [] }, status: { phase: 'Running' } };
}

/** Each of another job that nobody has heard of. */
function podEvents(foreign: ForeignJob): string {
  return Array.from({ length: 1_000 }, (_, i) => {
    const unheard = { ...foreign, jobId: `job_${String(i).padStart(26, '0')}` };
    const object = pod(unheard, labelsOf(unheard, foreign.clusterIds[0] ?? ''), `p${i}`);
    return `${JSON.stringify({ type: 'ADDED', object })}\n`;
  }).join('');
}
