import { armedUid, type JobObservation, type JobState } from '@ccluster/domain';
import type { ClusterName } from './ask.js';
import { record } from './stored-job.js';
import { mayHavePod, spend, type KubernetesJobObject, type Move, type Sight, type World } from './world.js';

/**
 * What a watcher does, a step at a time with any delay between: it reads the armed Kubernetes Job (from a cache, so it
 * may be old by then), lists its pods, records both under the row's lock, and ends what has stopped.
 */
export function watcherMoves(world: World): Move[] {
  return [...readMoves(world), ...listMoves(world), ...recordMoves(world), ...settleMoves(world)];
}

function readMoves(world: World): Move[] {
  const { job: row, watcher } = world;
  if (row === null || watcher !== null) return [];
  const name = armedCluster(row.state);
  const object = name === undefined ? null : world.clusters[name].object;
  if (name === undefined || object === null || object.uid !== armedUid(row.state)) return [];
  const { uid, version, intent, suspendedCondition, verdict } = object;
  const job = { uid, version, intent, suspendedCondition, verdict };
  const sight: Sight = { cluster: name, job, livePods: null, isQuiet: false, isHopeless: false };
  const label = `the watcher reads ${object.uid}`;
  const moves: Move[] = [];
  if (mayConclude(row.state, object)) moves.push({ label, world: { ...world, watcher: sight } });
  if (world.left.hopeless > 0 && !object.suspended && object.verdict === null) {
    const after = { ...spend(world, 'hopeless'), watcher: { ...sight, isHopeless: true } };
    moves.push({ label: `${label} and gives it up`, world: after });
  }
  return moves;
}

/** Other looks are no news, whenever they are recorded. */
function mayConclude(state: JobState, object: KubernetesJobObject): boolean {
  if (state.phase === 'ARMED') return (state.want === 'SUSPEND' && !state.stopped) || object.verdict !== null;
  return state.phase === 'ENDING' && !state.stopped;
}

function listMoves(world: World): Move[] {
  const { watcher } = world;
  if (watcher === null || watcher.livePods !== null) return [];
  const { object, ghosts } = world.clusters[watcher.cluster];
  const owner = [object, ...ghosts].find((each) => each?.uid === watcher.job.uid);
  const found = (livePods: number, isQuiet = false): Move => ({
    label: `the watcher finds ${livePods} pods of ${watcher.job.uid}${isQuiet ? ', for 10 s' : ''}`,
    world: { ...world, watcher: { ...watcher, livePods, isQuiet } },
  });
  const moves: Move[] = [];
  if (owner != null && mayHavePod(owner)) moves.push(found(1));
  if (owner == null || !owner.isEnding) moves.push(found(0));
  // The one assumption about time: ten seconds after a change the controller has seen it.
  if (owner === object && object?.controllerIsCurrent === true && !object.isEnding) moves.push(found(0, true));
  return moves;
}

function recordMoves(world: World): Move[] {
  const { job, watcher } = world;
  if (watcher === null || watcher.livePods === null) return [];
  const counts = job !== null && armedCluster(job.state) === watcher.cluster;
  const event = { type: 'OBSERVED', observation: observationOf(watcher, watcher.livePods) } as const;
  const recorded = counts ? record(job, event, null) : undefined;
  const label = `the watcher records ${watcher.job.uid}`;
  return [{ label, world: { ...world, watcher: null, job: recorded ?? job } }];
}

function observationOf({ job, isQuiet, isHopeless }: Sight, livePods: number): JobObservation {
  return {
    kubernetesUid: job.uid,
    resourceVersion: String(job.version),
    intent: job.intent,
    suspended: job.suspendedCondition,
    livePods,
    quietSeconds: isQuiet ? 10 : 0,
    ran: false,
    waiting: null,
    verdict:
      job.verdict === null
        ? null
        : { outcome: 'SUCCEEDED', code: 'Complete', message: 'done', final: job.verdict === 'FINAL' },
    hopeless: isHopeless ? { code: 'IMAGE_PULL_FAILED', message: 'no such image' } : null,
  };
}

function settleMoves(world: World): Move[] {
  const { job } = world;
  if (job?.state.phase !== 'ENDING' || !job.state.stopped) return [];
  const settled = record(job, { type: 'SETTLED' }, null);
  return settled === undefined ? [] : [{ label: 'the watcher ends the job', world: { ...world, job: settled } }];
}

function armedCluster(state: JobState): ClusterName | undefined {
  if (state.phase !== 'ARMED' && state.phase !== 'ENDING') return undefined;
  return armedUid(state) === null ? undefined : (state.placement?.clusterId as ClusterName | undefined);
}
