import { describe, expect, it } from 'vitest';

import { addAuditEvent, emptyAuditLog } from './audit-log.js';
import { withBeacons } from './beacon-records.js';
import { podRecords } from './cluster-records.js';
import { auditEvent, labels, type WrittenRequest } from './testing/audit-events.js';
import { seconds } from './testing/story.js';

const where = { cluster: 'east', clusterId: 'cl_east' };

describe('what an audit log says of pods', () => {
  const jobOfName = new Map([['k', 'job_1']]);

  function podsOf(...requests: readonly WrittenRequest[]) {
    const log = emptyAuditLog();
    for (const request of requests) addAuditEvent(log, auditEvent({ resource: 'pods', ...request }), seconds(0));
    return podRecords(where, 'i', log, { pods: [] }, jobOfName);
  }

  const metadata = { name: 'k-3-abcde', uid: 'p1', labels, ownerReferences: [{ kind: 'Job', uid: 'u1' }] };
  const stateAt = (state: unknown) => ({
    metadata: { uid: 'p1' },
    status: { containerStatuses: [{ name: 'main', state }] },
  });
  const patched = (at: number, state: unknown): WrittenRequest => ({
    at,
    verb: 'patch',
    subresource: 'status',
    name: 'k-3-abcde',
    request: stateAt(state),
  });
  const time = (at: number) => new Date(seconds(at)).toISOString();

  it('is when one was made, started, ended and went', () => {
    const records = podsOf(
      { at: 3, verb: 'create', code: 201, response: { kind: 'Pod', metadata } },
      patched(4, { waiting: { reason: 'ContainerCreating' } }),
      patched(5, { running: { startedAt: time(4) } }),
      patched(9, { terminated: { startedAt: time(4), finishedAt: time(8), exitCode: 3 } }),
      { at: 10, verb: 'delete', name: 'k-3-abcde' },
      { at: 12, verb: 'delete', name: 'k-3-abcde' },
    );
    expect(records).toEqual([
      {
        ...where,
        name: 'k-3-abcde',
        uid: 'p1',
        jobId: 'job_1',
        kubernetesJobUid: 'u1',
        index: 3,
        createdAt: seconds(3),
        startedAt: seconds(4),
        endedAt: seconds(8),
        exitCode: 3,
        deletedAt: seconds(12),
      },
    ]);
  });

  it('is not that one started before it was made, as whole seconds can look', () => {
    const made: WrittenRequest = { at: 3.6, verb: 'create', code: 201, response: { kind: 'Pod', metadata } };
    expect(podsOf(made, patched(4, { running: { startedAt: time(3) } }))).toMatchObject([{ startedAt: seconds(3.6) }]);
  });

  it('tells whose it is by its name alone', () => {
    expect(podsOf(patched(5, { running: { startedAt: time(4) } }))).toMatchObject([{ jobId: 'job_1', index: 3 }]);
    expect(podsOf({ at: 3, verb: 'delete', name: 'other-3-abcde' })).toEqual([]);
  });

  it.each([
    ['never could', { terminated: { startedAt: null, finishedAt: null, exitCode: 128 } }],
    ['never could, says the epoch', { terminated: { startedAt: '1970-01-01T00:00:00Z', exitCode: 128 } }],
  ])('does not say that a container started that %s', (_, state) => {
    expect(podsOf(patched(5, state))).toMatchObject([{ startedAt: null, endedAt: null, exitCode: null }]);
  });

  describe('is completed by what the pods said themselves', () => {
    const pod = { jobToken: 't', index: 3, completions: 4, cluster: 'west', hostname: 'k-3' };
    const made: WrittenRequest = { at: 3, verb: 'create', code: 201, response: { kind: 'Pod', metadata } };

    it('where nobody wrote down that they started, or that they were', () => {
      const beacons = [
        { ...pod, at: seconds(20) },
        { ...pod, hostname: 'k-2', at: seconds(20) },
        { ...pod, hostname: 'foreign-2', at: seconds(20) },
      ];
      expect(withBeacons(podsOf(made), beacons, jobOfName)).toMatchObject([
        { name: 'k-3-abcde', cluster: 'east', startedAt: seconds(15) },
        { name: 'k-2', cluster: 'west', jobId: 'job_1', index: 2, startedAt: seconds(15), createdAt: null },
      ]);
    });

    it('and not where a start that was written down explains it', () => {
      const other = { ...metadata, name: 'k-3-zzzzz', uid: 'p2' };
      const waiting: WrittenRequest = { at: 6, verb: 'create', code: 201, response: { kind: 'Pod', metadata: other } };
      const pods = podsOf(made, patched(5, { running: { startedAt: time(4) } }), waiting);
      const starts = (...beacons: number[]) =>
        withBeacons(
          pods,
          beacons.map((at) => ({ ...pod, at: seconds(at) })),
          jobOfName,
        ).map(({ startedAt }) => startedAt);
      expect(starts(4.2)).toEqual([seconds(4), null]);
      expect(starts(4.2, 60)).toEqual([seconds(4), seconds(55)]);
    });
  });
});
