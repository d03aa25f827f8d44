import { serve } from './api-server.js';
import { ok, refused, type Answer, type ClusterName, type Request, type WriteRequest } from './ask.js';
import { record, removeDeleted } from './stored-job.js';
import { turnsOf } from './turn-moves.js';
import { clusterNames, spend, withCluster, withHistory, type StoredJob, type World } from './world.js';

/** One of the answers that a call may be given, and what has become of the world by then. */
export interface Choice {
  readonly world: World;
  readonly answer: Answer;
  readonly label: string;
}

export function choicesFor(world: World, request: Request): Choice[] {
  const mayFail = world.left.faults > 0;
  const failing = mayFail ? spend(world, 'faults') : world;
  switch (request.call) {
    case 'begin':
      return [{ world: { ...world, draft: world.job }, answer: ok(), label: '' }];
    case 'commit':
      return [
        { world: committed(world), answer: ok(), label: '' },
        ...(mayFail ? [{ world: committed(failing), answer: broken, label: ', committed unheard' }] : []),
      ];
    case 'recordEvent':
      return [recorded(world, request)];
    case 'readTurn':
      return turnsOf(world);
    case 'findPlacementObstacle':
      return [
        { world, answer: ok(), label: '' },
        ...(mayFail ? [{ world: failing, answer: ok('DRAINING'), label: ' finds it draining' }] : []),
      ];
    case 'removeDeletedJob':
      return [{ world: { ...world, job: removeDeleted(world.job, request.epoch) }, answer: ok(), label: '' }];
    case 'findOwningJobs':
      return [{ world, answer: ok(ownerIn(world)), label: '' }];
    case 'sleep':
      // Until what it waits for has happened, or its time is over.
      return clusterNames.some((name) => world.clusters[name].object?.deleting)
        ? mayFail
          ? [{ world: failing, answer: aborted, label: ' until its time is over' }]
          : []
        : [{ world, answer: ok(), label: '' }];
    case 'claimJob':
    case 'releaseClaim':
      throw new Error('A process begins by the one and ends by the other');
    default:
      return clusterChoices(world, failing, mayFail, request);
  }
}

const broken: Answer = { kind: 'broken' };
const aborted: Answer = { kind: 'aborted' };

function clusterChoices(
  world: World,
  failing: World,
  mayFail: boolean,
  request: Extract<Request, { cluster: ClusterName }>,
): Choice[] {
  const served: Choice = { ...serve(world, request), label: '' };
  if (!mayFail) return [served];
  const choices: Choice[] = [served];
  if (isWrite(request)) {
    // It may arrive at once, late or never.
    const late = sent(failing, request);
    choices.push({ world: late, answer: refused('UNREACHABLE'), label: ' is not answered, and under way' });
    choices.push({ world: late, answer: aborted, label: ' is broken off, and under way' });
  } else {
    choices.push({ world: failing, answer: refused('UNREACHABLE'), label: ' fails' });
  }
  if (request.call === 'postSecret') choices.push({ world: failing, answer: aborted, label: ' is broken off' });
  if (request.call === 'post')
    choices.push({ world: failing, answer: refused('POLICY'), label: ' is against a policy' });
  if (request.call === 'delete') choices.push(...slowDeletion(failing, request));
  return choices;
}

/** Somebody's finalizer keeps what is being deleted. */
function slowDeletion(world: World, request: Extract<WriteRequest, { call: 'delete' }>): Choice[] {
  const cluster = world.clusters[request.cluster];
  const { object } = cluster;
  if (object === null || object.deleting || (request.uid !== null && request.uid !== object.uid)) return [];
  const deleting = { ...object, deleting: true, controllerIsCurrent: false, version: object.version + 1 };
  const after = withCluster(world, request.cluster, { ...cluster, object: deleting });
  return [{ world: after, answer: ok(), label: ' is begun' }];
}

function recorded(world: World, { event, epoch }: Extract<Request, { call: 'recordEvent' }>): Choice {
  const { draft } = world;
  const changed = record(draft, event, epoch);
  if (changed === undefined) return { world, answer: ok(), label: ` ${event.type} in vain` };
  const choseA = world.history.choseA || (event.type === 'PLACEMENT_DECIDED' && event.placement.clusterId === 'a');
  return {
    world: withHistory({ ...world, draft: changed }, { choseA }),
    answer: ok(changed.state),
    label: ` ${event.type}`,
  };
}

function committed(world: World): World {
  return { ...world, job: world.draft, draft: null };
}

function ownerIn({ job }: World): Pick<StoredJob, 'state' | 'epoch'> | null {
  return job === null ? null : { epoch: job.epoch, state: job.state };
}
function sent(world: World, request: WriteRequest): World {
  const late = [...world.late, request];
  return { ...world, late: late.toSorted((left, right) => JSON.stringify(left).localeCompare(JSON.stringify(right))) };
}

function isWrite(request: Request): request is WriteRequest {
  return request.call === 'post' || request.call === 'patch' || request.call === 'delete';
}
