import { callerlessBudget } from './budgets.js';
import { controllerMoves } from './controller-moves.js';
import { arrivalMoves, claimMoves, processMoves, reconcileMoves } from './process-moves.js';
import type { Programs } from './programs.js';
import { watcherMoves } from './watcher-moves.js';
import { clusterNames, type Move, type World } from './world.js';

/** Far more than any way to an end takes. */
const MAX_MOVES = 300;
const LEFT = 'I5: a Kubernetes Job is left that no job owns';

/**
 * I3: from wherever a job is, once nothing fails any more and everybody does what is his to do, it ends, and nothing of
 * it is left; or it waits for its caller. Whether those who work on it go on or have died makes no difference.
 */
export class Completion {
  readonly #keyOf: (world: World) => string;
  readonly #programs: Programs;
  readonly #good = new Set<string>();

  constructor(programs: Programs, keyOf: (world: World) => string) {
    this.#programs = programs;
    this.#keyOf = keyOf;
  }

  /** What is wrong with where a world leads to, and the way there; undefined: it leads to an end. May throw `Missing`. */
  findBroken(world: World): { readonly promise: string; readonly trace: readonly string[] } | undefined {
    const alive = { ...world, left: callerlessBudget };
    const dead = { ...alive, processes: [], late: [], watcher: null };
    return this.#follow(alive, 'nothing fails any more') ?? this.#follow(dead, 'all who work on it die');
  }

  #follow(from: World, label: string) {
    const trace = [label];
    const keys: string[] = [];
    for (let world = from; ;) {
      const key = this.#keyOf(world);
      if (this.#good.has(key)) break;
      keys.push(key);
      const move = nextMove(world, this.#programs);
      if (move === undefined) {
        const promise = judgeRest(world);
        if (promise !== undefined) return { promise, trace };
        break;
      }
      trace.push(move.label);
      if (trace.length > MAX_MOVES) return { promise: hasStray(world) ? LEFT : 'I3: the job comes to no end', trace };
      world = { ...move.world, left: callerlessBudget };
    }
    for (const key of keys) this.#good.add(key);
    return undefined;
  }
}

/** What happens next where everybody takes turns; undefined: nothing is left to do. */
function nextMove(world: World, programs: Programs): Move | undefined {
  const noVerdict = { ...world, left: { ...world.left, verdicts: 0 } };
  return (
    arrivalMoves(world)[0] ??
    processMoves({ ...world, left: { ...world.left, claims: 0, reconciliations: 0 } }, programs)[0] ??
    controllerMoves(noVerdict)[0] ??
    claimMoves(world, programs)[0] ??
    (isWatched(world) ? watcherMoves(world).at(-1) : undefined) ??
    (world.job?.state.phase === 'ARMED' ? controllerMoves(world)[0] : undefined) ??
    (hasStray(world) ? reconcileMoves(world, programs)[0] : undefined)
  );
}

/** The watcher has something to find out. */
function isWatched({ job, clusters }: World): boolean {
  if (job?.state.phase === 'ENDING') return true;
  if (job?.state.phase !== 'ARMED') return false;
  const isJudged = clusterNames.some((name) => clusters[name].object?.verdict === 'FINAL');
  return isJudged || (job.state.want === 'SUSPEND' && !job.state.stopped);
}

function hasStray({ job, clusters }: World): boolean {
  const isOwned = job?.state.phase === 'ARMED';
  return !isOwned && clusterNames.some((name) => clusters[name].object !== null);
}

function judgeRest(world: World): string | undefined {
  const state = world.job?.state;
  if (hasStray(world)) return LEFT;
  if (state === undefined) return undefined;
  const isEnded = state.phase === 'ENDED' && state.cleaned;
  const isHeld = state.phase === 'QUEUED' && state.held;
  const isSuspended = state.phase === 'ARMED' && state.want === 'SUSPEND' && state.stopped;
  if (isEnded || ((isHeld || isSuspended) && state.reason !== null)) return undefined;
  return `I3: the job stays ${state.phase} for ever`;
}
