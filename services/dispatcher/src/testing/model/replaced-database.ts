import type * as db from '@ccluster/db';
import type { JobState, Offer } from '@ccluster/domain';
import { aSpec, JOB_ID, anOrderedInstanceType } from '../build-order.js';
import { ask, type ClusterName, type Turn } from './ask.js';
import type { StoredJob } from './world.js';

/**
 * What the dispatcher uses of packages/db, asked of the model instead of PostgreSQL. That the model answers like
 * PostgreSQL is tested in stored-job.integration.test.ts.
 */
const organizationId = 'org_01arz3ndektsv4rrffq69g5fav';
/** With one Secret. */
const spec = aSpec({ env: [{ name: 'GREETING', secret: false, value: 'hello' }] });

/** Later than any retention. */
const claimedAt = new Date('2100-01-01T00:00:00.000Z');
const untraced = { traceparent: null, tracedAt: null };

export const claimJob: typeof db.claimJob = async (_db, id) => {
  const claimed = await ask<Pick<StoredJob, 'state' | 'epoch' | 'deleted'> | null>({ call: 'claimJob' });
  return claimed === null
    ? undefined
    : { id, organizationId, spec, hasImagePullSecret: false, inherited: [], claimedAt, ...untraced, ...claimed };
};

export const releaseClaim: typeof db.releaseClaim = (_db, { epoch }) => ask({ call: 'releaseClaim', epoch });

export const withTransaction: typeof db.withTransaction = async (database, work) => {
  await ask({ call: 'begin' });
  const result = await work(database.db);
  await ask({ call: 'commit' });
  return result;
};

export const recordEvent: typeof db.recordEvent = async (_tx, jobId, event, claimEpoch) => {
  const after = await ask<JobState | null>({ call: 'recordEvent', event, epoch: claimEpoch ?? null });
  return after === null ? undefined : { jobId, organizationId, before: after, after, eventSequence: 0 };
};

export const lockPlacements: typeof db.lockPlacements = () => Promise.resolve('2026-01-01T00:00:00.000Z');

export const readTurn: typeof db.readTurn = async (_tx, id) => {
  const turn = await ask<Turn | null>({ call: 'readTurn' });
  if (turn === null) return undefined;
  const { requestedPlacement: requested, parallelism } = spec;
  const offer = offerOf(turn.offer);
  const resumesOn = turn.resumes ? offer : undefined;
  const request = { id, organizationId, requested, parallelism, resumesOn };
  return { request, snapshot: { offers: [offer], line: [], allowances: new Map() } };
};

export const findPlacementObstacle: typeof db.findPlacementObstacle = async () =>
  (await ask<db.PlacementObstacle | null>({ call: 'findPlacementObstacle' })) ?? undefined;

export const holdPlacement: typeof db.holdPlacement = (tx, placement) => findPlacementObstacle(tx, placement);

/** Nothing throws it: secrets are read without PostgreSQL here. */
export class CannotOpen extends Error {}

export const getInstanceType = () => Promise.resolve(anOrderedInstanceType());

export const removeDeletedJob: typeof db.removeDeletedJob = (_db, { epoch }) =>
  ask({ call: 'removeDeletedJob', epoch });

export const findOwningJobs: typeof db.findOwningJobs = async () => {
  const owner = await ask<Pick<StoredJob, 'state' | 'epoch'> | null>({ call: 'findOwningJobs' });
  return owner === null ? [] : [{ id: JOB_ID, ...owner }];
};

function offerOf(name: ClusterName): Offer {
  return {
    clusterId: name,
    clusterName: name,
    region: 'here',
    namespace: 'jobs',
    organizationId: null,
    draining: false,
    autoscaling: false,
    reachable: true,
    instanceType: {
      id: `it_${name}`,
      name: 'cpu',
      gpuType: null,
      gpuCount: 0,
      cpuMillicores: 1000,
      memoryMib: 1024,
      pricePerHourCents: 100,
    },
    room: 10,
    roomWhenEmpty: 10,
    backlog: 0,
  };
}
