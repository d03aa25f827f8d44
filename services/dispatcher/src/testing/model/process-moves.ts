import { serve } from './api-server.js';
import { ok, type Answer, type Request } from './ask.js';
import { choicesFor } from './choices.js';
import type { Programs } from './programs.js';
import { claim } from './stored-job.js';
import { otherTurnMoves } from './turn-moves.js';
import { clusterNames, spend, type Move, type Process, type World } from './world.js';

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

function at(world: World, process: Process): World {
  return { ...world, processes: [...without(world, process.name).processes, process] };
}

function without(world: World, process: string): World {
  return { ...world, processes: world.processes.filter(({ name }) => name !== process) };
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
