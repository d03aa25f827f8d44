import type { RecordedChange } from '@ccluster/db';
import { initialState, type JobState } from '@ccluster/domain';
import { expect, it } from 'vitest';
import { createAnnouncer } from './announce.js';

function listen() {
  const told: unknown[] = [];
  const announcer = createAnnouncer(
    async (topic, payload) => {
      told.push([topic.name, payload]);
      return true;
    },
    {
      hint: async (hint) => {
        told.push(['hint', hint]);
        return true;
      },
      hintMany: async (hints) => {
        told.push(['hints', hints]);
        return true;
      },
    },
  );
  return { told, announcer };
}

const held: JobState = { phase: 'QUEUED', held: true, reason: null };
const change: RecordedChange = {
  jobId: 'job_1',
  organizationId: 'org_1',
  before: initialState,
  after: held,
  eventSequence: 4,
};

it('a change is told to those who follow the job and those who follow all', () => {
  const { told, announcer } = listen();
  announcer.change(change);
  expect(told).toEqual([
    ['job', { jobId: 'job_1', seq: 4 }],
    ['jobs', { organizationId: 'org_1', jobId: 'job_1', seq: 4 }],
  ]);
});

it('a change that gives the dispatcher something to do is hinted to it', () => {
  const { told, announcer } = listen();
  announcer.change({ ...change, before: held, after: initialState });
  expect(told).toContainEqual(['hint', { jobId: 'job_1', version: 4 }]);
});

it('a cluster that is free is told to other watchers', async () => {
  const { told, announcer } = listen();
  await announcer.cluster('cl_1');
  expect(told).toEqual([['clusters', { clusterId: 'cl_1' }]]);
});

it('new room is told, with the jobs that waited for it', () => {
  const { told, announcer } = listen();
  announcer.capacity('cl_1', [{ id: 'job_1', eventSequence: 4 }]);
  expect(told).toEqual([
    ['capacity', { clusterId: 'cl_1' }],
    ['hints', [{ jobId: 'job_1', version: 4 }]],
  ]);
});
