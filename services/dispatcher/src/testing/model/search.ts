import { callerMoves } from './caller-moves.js';
import { Completion } from './completion.js';
import { controllerMoves } from './controller-moves.js';
import { processMoves } from './process-moves.js';
import { codes } from './product.js';
import { Missing, Programs } from './programs.js';
import { findBroken } from './promises.js';
import { textOf } from './text-of.js';
import { watcherMoves } from './watcher-moves.js';
import { initialWorld, type Budget, type Move, type World } from './world.js';

export interface SearchResult {
  readonly states: number;
  readonly transitions: number;
  /** Moves to the furthest state. */
  readonly depth: number;
  /** Points at which the product's code was stopped, each with all that it was answered before. */
  readonly programNodes: number;
  readonly broken: Counterexample | undefined;
}

export interface Counterexample {
  readonly promise: string;
  /** The shortest way there, a move a line. */
  readonly trace: readonly string[];
}

/**
 * Breadth first over all that can happen within the budget.
 * @param ends whether also to follow every world to its end, which takes about as long again
 */
export async function search(budget: Budget, ends: boolean): Promise<SearchResult> {
  const programs = await Programs.open(codes);
  const seen = new Seen();
  const completion = new Completion(programs, (world) => seen.keyOf(world));
  const start = initialWorld(budget);
  const worlds: Found[] = [{ world: seen.add(start) ?? start, label: '', from: -1, depth: 0 }];
  let transitions = 0;
  let broken: Counterexample | undefined;
  for (let i = 0; i < worlds.length && broken === undefined; i += 1) {
    const { world, depth } = worlds[i]!;
    for (const move of await once(programs, () => movesOf(world, programs))) {
      transitions += 1;
      const promise = findBroken(world, move.world);
      const added = seen.add(move.world);
      if (promise === undefined && added === undefined) continue;
      worlds.push({ world: added ?? move.world, label: move.label, from: i, depth: depth + 1 });
      const end =
        ends && promise === undefined ? await once(programs, () => completion.findBroken(move.world)) : undefined;
      if (promise === undefined && end === undefined) continue;
      const trace = [...traceTo(worlds, worlds.length - 1), ...(end?.trace ?? [])];
      broken = { promise: promise ?? end!.promise, trace };
      break;
    }
  }
  await programs.close();
  return { states: worlds.length, transitions, depth: worlds.at(-1)!.depth, programNodes: programs.size, broken };
}

interface Found extends Move {
  readonly from: number;
  readonly depth: number;
}

function movesOf(world: World, programs: Programs): Move[] {
  return [...processMoves(world, programs), ...callerMoves(world), ...controllerMoves(world), ...watcherMoves(world)];
}

/** What a pure function finds, once the code it asks for has been run. */
async function once<T>(programs: Programs, find: () => T): Promise<T> {
  for (;;) {
    try {
      return find();
    } catch (error) {
      if (!(error instanceof Missing)) throw error;
      await programs.run(error);
    }
  }
}

function traceTo(worlds: readonly Found[], index: number): string[] {
  const trace: string[] = [];
  for (let at = worlds[index]; at !== undefined && at.from >= 0; at = worlds[at.from]) trace.unshift(at.label);
  return trace;
}

/** The worlds that were reached; one reached with more left of every budget makes another needless. */
class Seen {
  readonly #budgets = new Map<string, number[][]>();
  readonly #parts = new Map<string, { readonly id: number; readonly part: object }>();
  readonly #ids = new WeakMap<object, number>();

  /** @returns the same world with parts that all worlds share; undefined where it was reached before */
  add(world: World): World | undefined {
    const left = Object.values(world.left);
    const key = this.keyOf(world);
    const reached = this.#budgets.get(key);
    if (reached === undefined) this.#budgets.set(key, [left]);
    else if (reached.some((other) => other.every((count, i) => count >= left[i]!))) return undefined;
    else reached.push(left);
    const { job, clusters, watcher, history, late } = world;
    return {
      ...world,
      job: this.#shared(job),
      clusters: { a: this.#shared(clusters.a), b: this.#shared(clusters.b) },
      watcher: this.#shared(watcher),
      history: this.#shared(history),
      late: this.#shared(late),
    };
  }

  /** The same for worlds that differ in what is left only. */
  keyOf({ job, clusters, processes, late, watcher, history }: World): string {
    const parts = [job, clusters.a, clusters.b, late, watcher, history].map((part) => this.#idOf(part));
    const nodes = processes.map(({ node }) => node).toSorted((left, right) => left - right);
    return `${parts.join()},${nodes.join()}`;
  }

  #shared<T extends object | null>(part: T): T {
    return part === null ? part : (this.#parts.get(textOf(part))!.part as T);
  }

  #idOf(part: object | null): number {
    if (part === null) return -1;
    const known = this.#ids.get(part);
    if (known !== undefined) return known;
    const text = textOf(part);
    const entry = this.#parts.get(text) ?? { id: this.#parts.size, part };
    this.#parts.set(text, entry);
    this.#ids.set(part, entry.id);
    return entry.id;
  }
}
