import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { addAuditEvent, emptyAuditLog, readAuditLog } from './audit-log.js';
import { releasedByPods } from './kubernetes-job-lives.js';
import { kubernetesJobRecords } from './cluster-records.js';
import { auditEvent, intentPatch, kubernetesJob, labels, type WrittenRequest } from './testing/audit-events.js';
import { seconds } from './testing/story.js';

const where = { cluster: 'east', clusterId: 'cl_east' };
const nothing = { kubernetesJobs: [], pods: [] };

function jobsOf(...requests: readonly WrittenRequest[]) {
  const log = emptyAuditLog();
  for (const request of requests) addAuditEvent(log, auditEvent({ name: 'k', ...request }), seconds(0));
  return kubernetesJobRecords(where, 'i', log, nothing, new Map());
}

const create: WrittenRequest = { at: 1, verb: 'create', code: 201, request: kubernetesJob(true) };

describe('what an audit log says of Kubernetes Jobs', () => {
  it.each([
    [
      'with answers',
      [
        { ...create, response: kubernetesJob(true, 'u1') },
        { at: 2, verb: 'patch', request: intentPatch('u1', 1, false), response: kubernetesJob(false, 'u1') },
      ],
    ],
    ['without answers', [create, { at: 2, verb: 'patch', request: intentPatch('u1', 1, false) }]],
    ['in whatever order', [{ at: 2, verb: 'patch', request: intentPatch('u1', 1, false) }, create]],
  ] as const)('is when it was made and released, and by whom, %s', (_, requests) => {
    expect(jobsOf(...requests)).toMatchObject([
      {
        jobId: 'job_1',
        uid: 'u1',
        createdAt: seconds(1),
        createdBy: 'dispatcher',
        changes: [
          { at: seconds(1), suspend: true },
          { at: seconds(2), suspend: false, intent: 1, by: 'dispatcher' },
        ],
        releasedAt: seconds(2),
        deletedAt: null,
      },
    ]);
  });

  it.each<readonly [string, WrittenRequest]>([
    ['a patch that is merged', { at: 2, verb: 'patch', by: 'x', request: { spec: { suspend: false } } }],
    ['an update', { at: 2, verb: 'update', by: 'x', request: kubernetesJob(false) }],
  ])('counts %s as a release', (_, release) => {
    expect(jobsOf(create, release)).toMatchObject([{ releasedAt: seconds(2) }]);
  });

  it('counts one that was made unsuspended as released', () => {
    expect(jobsOf({ ...create, request: { ...(kubernetesJob(false) as object), spec: {} } })).toMatchObject([
      { releasedAt: seconds(1) },
    ]);
  });

  it.each<readonly [string, WrittenRequest]>([
    ['was refused', { at: 2, verb: 'patch', code: 422, request: intentPatch('u1', 1, false) }],
    ['was only tried', { at: 2, verb: 'patch', uri: '/?dryRun=All', request: intentPatch('u1', 1, false) }],
    [
      'changed something else',
      { at: 2, verb: 'patch', request: [{ op: 'add', path: '/metadata/labels/a', value: 'b' }] },
    ],
    [
      'is written down twice, as it came',
      { at: 2, verb: 'patch', stage: 'RequestReceived', request: { spec: { suspend: false } } },
    ],
  ])('does not count what %s', (_, request) => {
    expect(jobsOf(create, request)).toMatchObject([{ releasedAt: null }]);
  });

  it('tells one from the next of the same name', () => {
    const records = jobsOf(
      create,
      { at: 2, verb: 'delete', by: 'reconciler' },
      { ...create, at: 3 },
      { at: 4, verb: 'patch', request: intentPatch('u2', 1, false) },
    );
    expect(records).toMatchObject([
      { uid: null, releasedAt: null, deletedAt: seconds(2), deletedBy: 'reconciler' },
      { uid: 'u2', releasedAt: seconds(4), deletedAt: null },
    ]);
  });

  it('keeps the newest status, which also shows a release that nobody wrote down', () => {
    const status = { completedIndexes: '0-2', conditions: [{ type: 'Complete', status: 'True' }] };
    const written = { verb: 'update', subresource: 'status', by: 'job-controller' };
    const records = jobsOf(
      { ...create, response: kubernetesJob(true, 'u1') },
      { at: 5, ...written, response: kubernetesJob(false, 'u1', { completedIndexes: '0' }) },
      { at: 6, ...written, response: kubernetesJob(false, 'u1', status) },
    );
    expect(records).toMatchObject([
      {
        releasedAt: seconds(1),
        changes: [{ suspend: true }],
        status: { completedIndexes: '0-2', verdict: 'Complete' },
      },
    ]);
  });

  it('takes what was answered with a fault of the server for what it may be', () => {
    const failed = { ...create, code: 504 };
    const patch = { verb: 'patch', request: intentPatch('u1', 1, false) };
    expect(jobsOf(failed, { at: 2, ...patch })).toMatchObject([{ uid: 'u1', jobId: 'job_1', releasedAt: seconds(2) }]);
    expect(jobsOf(failed, { ...create, at: 2 }, { at: 3, ...patch })).toMatchObject([
      { uid: 'u1', releasedAt: seconds(3) },
    ]);
    expect(jobsOf(create, { at: 2, code: 500, ...patch })).toMatchObject([{ releasedAt: null }]);
    const [first, ...others] = jobsOf(
      { ...create, response: kubernetesJob(true, 'u1') },
      { ...failed, at: 2 },
      { at: 3, ...patch },
    );
    expect(first).toMatchObject({ uid: 'u1', releasedAt: seconds(3) });
    expect(others).toEqual([]);
  });

  it('knows by its name whose it is, where its making was never written down', () => {
    const log = emptyAuditLog();
    addAuditEvent(
      log,
      auditEvent({ at: 2, verb: 'patch', name: 'k', request: intentPatch('u1', 1, false) }),
      seconds(0),
    );
    const records = kubernetesJobRecords(where, 'i', log, nothing, new Map([['k', 'job_1']]));
    expect(records).toMatchObject([{ jobId: 'job_1', uid: 'u1', releasedAt: seconds(2), createdAt: null }]);
    expect(kubernetesJobRecords(where, 'i', log, nothing, new Map())).toEqual([]);
  });

  it('counts one as released whose controller made a pod', () => {
    const records = jobsOf({ ...create, response: kubernetesJob(true, 'u1') });
    const pod = { createdAt: seconds(9) };
    expect(releasedByPods(records, [{ ...pod, kubernetesJobUid: 'u1' }])).toMatchObject([{ releasedAt: seconds(1) }]);
    expect(releasedByPods(records, [{ ...pod, kubernetesJobUid: 'u2' }])).toMatchObject([{ releasedAt: null }]);
  });

  it('passes over what is of another installation, or earlier', () => {
    const foreign = { kind: 'Job', metadata: { labels: { ...labels, 'ccluster.io/installation': 'j' } }, spec: {} };
    expect(jobsOf({ ...create, request: foreign })).toEqual([]);
    expect(jobsOf({ ...create, at: -1 })).toEqual([]);
  });

  it('is completed by what is there now', () => {
    const metadata = { name: 'k', namespace: 'jobs', uid: 'u1', labels, creationTimestamp: new Date(seconds(1)) };
    const live = { kubernetesJobs: [{ metadata, spec: { suspend: false, template: {} } }] };
    expect(kubernetesJobRecords(where, 'i', emptyAuditLog(), live, new Map())).toMatchObject([
      { uid: 'u1', releasedAt: seconds(1) },
    ]);
  });
});

describe('the file of an audit log', () => {
  let directory: string;
  let path: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'audit-'));
    path = join(directory, 'audit.log');
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it('may have lines that a killed API server cut short, also in the middle of a line', async () => {
    const line = (name: string) => JSON.stringify(auditEvent({ ...create, name }));
    writeFileSync(
      path,
      `${line('a')}\n${line('b').slice(0, 200)}${line('c')}\n${line('d')}\n${line('e').slice(0, 99)}\n`,
    );
    const { jobs } = await readAuditLog(path, seconds(0));
    expect([...jobs.keys()]).toEqual(['jobs/a', 'jobs/c', 'jobs/d']);
  });

  it('is not there where nothing was ever asked for', async () => {
    expect((await readAuditLog(path, seconds(0))).jobs.size).toBe(0);
  });
});
