import { serve } from './api-server.js';
import type { UntimedJobEvent } from '@ccluster/db';
import type { PlacementDecision } from '@ccluster/domain';
import { ok, refused, type Answer, type ClusterName, type Request, type Turn, type WriteRequest } from './ask.js';
import type { Programs } from './programs.js';
import { AT, claim, record, removeDeleted } from './stored-job.js';
import {
  clusterNames,
  spend,
  withCluster,
  withHistory,
  type Move,
  type Process,
  type StoredJob,
  type World,
} from './world.js';

const RECONCILER = 'reconciler';

/**
 * What the dispatchers and the reconciler may do. None of them has to: one that is never moved again has died or stands
 * still, and one whose call is answered and which is then never moved again died with the call under way.
 */
export function processMoves(world: World, programs: Programs): Move[] {
  return [
    ...claimMoves(world, programs),
    ...reconcileMoves(world, programs),
    ...arrivalMoves(world),
    ...otherTurnMoves(world),
    ...world.processes.flatMap((process) => movesOf(world, process, programs)),
  ];
}

/** At any moment: whoever held it before may be slow, or dead, or have given it back. */
export function claimMoves(world: World, programs: Programs): Move[] {
  const claimed = world.left.claims > 0 ? claim(world.job) : undefined;
  if (claimed === undefined) return [];
  const { state, epoch, deleted } = claimed;
  const process = { name: freeName(world), node: programs.root('dispatch').id };
  const after = { ...spend(world, 'claims'), job: claimed };
  return goOn(
    programs,
    after,
    process,
    ok({ state, epoch, deleted }),
    `${process.name} claims the job (epoch ${epoch})`,
  );
}

function freeName({ processes }: World): string {
  for (let n = 1; ; n += 1) if (!processes.some(({ name }) => name === `d${n}`)) return `d${n}`;
}

export function reconcileMoves(world: World, programs: Programs): Move[] {
  if (world.left.reconciliations === 0 || world.processes.some(({ name }) => name === RECONCILER)) return [];
  return clusterNames
    .filter((name) => world.clusters[name].object !== null)
    .map((name) => ({
      label: `the reconciler looks at ${name}`,
      world: at(spend(world, 'reconciliations'), {
        name: RECONCILER,
        node: programs.root(`reconcile ${name}`).id,
      }),
    }));
}

export function arrivalMoves(world: World): Move[] {
  return world.late.map((request, i) => ({
    label: `a late ${named(request)} arrives`,
    world: serve({ ...world, late: world.late.toSpliced(i, 1) }, request).world,
  }));
}

function movesOf(world: World, process: Process, programs: Programs): Move[] {
  const { request } = programs.get(process.node);
  if (request === null) return [];
  const label = `${process.name}: ${named(request)}`;
  return choicesFor(world, request).flatMap((choice) =>
    goOn(programs, choice.world, process, choice.answer, `${label}${choice.label}`),
  );
}

/** Answers what the process stands at, and all that follows in the same transaction. */
function goOn(programs: Programs, world: World, { name, node }: Process, answer: Answer, label: string): Move[] {
  const { id, request } = programs.next(node, answer);
  const process = { name, node: id };
  if (request === null || request.call === 'releaseClaim') return [{ label, world: without(world, name) }];
  if (!isAtomic(request)) return [{ label, world: at(world, process) }];
  return choicesFor(world, request).flatMap((choice) =>
    goOn(programs, choice.world, process, choice.answer, `${label}${choice.label}`),
  );
}

/** Answered at once: a transaction holds the row's lock, and the others neither change nor tell what others do. */
function isAtomic({ call }: Request): boolean {
  return atomicCalls.has(call);
}

const atomicCalls: ReadonlySet<Request['call']> = new Set([
  'readTurn',
  'recordEvent',
  'commit',
  'findPlacementObstacle',
  'postSecret',
]);

interface Choice {
  readonly world: World;
  readonly answer: Answer;
  readonly label: string;
}

function choicesFor(world: World, request: Request): Choice[] {
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

function turnsOf(world: World): Choice[] {
  const state = world.draft?.state;
  const choice = (turn: Turn | null, label: string): Choice => ({ world, answer: ok(turn), label });
  if (state?.phase === 'ARMED' && state.resuming)
    return [choice({ offer: state.placement.clusterId as ClusterName, resumes: true }, '')];
  if (state?.phase !== 'QUEUED' || state.held) return [choice(null, ' is nobody’s turn')];
  return offersIn(world).map((offer) => choice({ offer, resumes: false }, ` offers ${offer}`));
}

/** Either cluster may be the best, or the only one, at any moment. */
function offersIn(world: World): readonly ClusterName[] {
  return clusterNames.slice(0, world.history.choseA ? world.left.clusters : 1);
}

/** The turn of another job that is behind it in line lets it go first, whoever has claimed it meanwhile. */
export function otherTurnMoves(world: World): Move[] {
  const { job, left } = world;
  if (left.turns === 0 || job === null) return [];
  const moveOf = (event: UntimedJobEvent, label: string, choseA: boolean): Move[] => {
    const placed = record(job, event, null);
    if (placed === undefined) return [];
    return [{ label, world: withHistory({ ...spend(world, 'turns'), job: placed }, { choseA }) }];
  };
  const resumes = moveOf({ type: 'RESUME_ALLOWED' }, "another job's turn resumes it", world.history.choseA);
  const placements = offersIn(world).flatMap((name) => {
    const placement = { ...placementIn(name) };
    return moveOf({ type: 'PLACEMENT_DECIDED', placement }, `another job's turn places it in ${name}`, true);
  });
  return [...resumes, ...placements];
}

function placementIn(name: ClusterName): PlacementDecision {
  return {
    clusterId: name,
    clusterName: name,
    instanceTypeId: `it_${name}`,
    instanceTypeName: 'cpu',
    namespace: 'jobs',
    decidedAt: AT,
    explanation: '',
  };
}

function ownerIn({ job }: World): Pick<StoredJob, 'state' | 'epoch'> | null {
  return job === null ? null : { epoch: job.epoch, state: job.state };
}

function at(world: World, process: Process): World {
  return { ...world, processes: [...without(world, process.name).processes, process] };
}

function without(world: World, process: string): World {
  return { ...world, processes: world.processes.filter(({ name }) => name !== process) };
}

function sent(world: World, request: WriteRequest): World {
  const late = [...world.late, request];
  return { ...world, late: late.toSorted((left, right) => JSON.stringify(left).localeCompare(JSON.stringify(right))) };
}

function isWrite(request: Request): request is WriteRequest {
  return request.call === 'post' || request.call === 'patch' || request.call === 'delete';
}

function named(request: Request): string {
  switch (request.call) {
    case 'post':
      return `POST in ${request.cluster} (epoch ${request.epoch})`;
    case 'patch':
      return `PATCH in ${request.cluster} ${JSON.stringify(request.patch.map(({ op, value }) => [op, value]))}`;
    case 'delete':
      return `DELETE ${request.uid ?? 'anything'} in ${request.cluster}`;
    case 'get':
    case 'list':
    case 'postSecret':
      return `${request.call} in ${request.cluster}`;
    default:
      return request.call;
  }
}
