import { armedUid, type JobState } from '@ccluster/domain';
import { staysEnded } from './stored-job.js';
import { clusterNames, mayHavePod, type Cluster, type World } from './world.js';

/** What a move breaks of what is promised, in a sentence; undefined: nothing. */
export function findBroken(before: World, after: World): string | undefined {
  if (before.job !== null && after.job !== null && !staysEnded(before.job.state, after.job.state))
    return 'I4: a job that has ended has changed';
  const { released, cancelledUnarmed } = after.history;
  if (released.length > 1) return `I1: ${released.join(' and ')} were both released`;
  if (cancelledUnarmed && released.length > 0)
    return `I2: ${released[0]} was released although the job was cancelled before it was armed`;
  const state = after.job?.state;
  const [uid] = released;
  if (uid !== undefined && state !== undefined && armedUid(state) !== uid) return `I1: ${uid} was released unarmed`;
  if (state === undefined) return hasPod(after) ? 'A pod of a removed job runs' : undefined;
  return findBrokenOfState(after, state);
}

function findBrokenOfState(world: World, state: JobState): string | undefined {
  if (isStopped(state) && hasPod(world)) return `Promise 4: a pod runs although the job is ${describe(state)}`;
  if (state.phase !== 'ARMED' && state.phase !== 'ENDING') return undefined;
  const uid = armedUid(state);
  if (uid === null) return undefined;
  const isThere = clusterNames.some((name) => {
    return name === state.placement?.clusterId && world.clusters[name].object?.uid === uid;
  });
  return isThere ? undefined : `The armed Kubernetes Job ${uid} is not where its job was placed, or no more`;
}

function isStopped(state: JobState): boolean {
  return state.phase === 'ENDED' || (state.phase !== 'QUEUED' && state.phase !== 'PLACED' && state.stopped);
}

function describe(state: JobState): string {
  return state.phase === 'ENDED' || state.phase === 'ENDING' ? `${state.phase} ${state.outcome}` : 'suspended';
}

/** Where a pod may come, one comes: sooner or later the worst is true. */
function hasPod(world: World): boolean {
  return clusterNames.some((name) => podOwners(world.clusters[name]).some(mayHavePod));
}

function podOwners({ object, ghosts }: Cluster) {
  return object === null ? ghosts : [object, ...ghosts];
}
