import { textOf } from './text-of.js';
import { ok, startRun, type Answer, type Request, type Run } from './ask.js';

/**
 * Where a run of the product's code stands. The code is deterministic, so what it was answered so far is all that its
 * local state can depend on: the same answers are the same node.
 */
export interface ProgramNode {
  readonly id: number;
  /** null: the code has ended. */
  readonly request: Request | null;
}

/** What a dispatcher knows of the job when it begins a step. */
export interface Claimed {
  readonly state: unknown;
  readonly epoch: number;
  readonly deleted: boolean;
}

interface KnownNode extends ProgramNode {
  /** As of the last claim or record; null before, and in other programs. */
  readonly claimed: Claimed | null;
  readonly parent: KnownNode | null;
  readonly program: string;
  readonly answer: Answer | null;
  readonly next: Map<string, KnownNode>;
  /** Stands here, until it is taken to go on from here. */
  run: Run | null;
}

/** Thrown by `next`: this has to be run first. */
export class Missing extends Error {
  constructor(
    readonly node: number,
    readonly answer: Answer,
  ) {
    super('Not yet run');
  }
}

/** Codes of the product by name; each is handed the signal that ends its process. */
export type Codes = Readonly<Record<string, (signal: AbortSignal) => Promise<unknown>>>;

/**
 * The product's code as a graph that a search can walk: each distinct history of answers is executed once.
 *
 * The loop of `dispatchJob` takes nothing from one step to the next but the job (and what a cluster's rest and its opened
 * connection are, which the model leaves to chance anyway). So a dispatcher that begins a step stands where one would
 * that has just claimed the job as it is now: those are one node.
 */
export class Programs {
  readonly #nodes: KnownNode[] = [];
  readonly #roots = new Map<string, KnownNode>();
  readonly #codes: Codes;

  private constructor(codes: Codes) {
    this.#codes = codes;
  }

  static async open(codes: Codes): Promise<Programs> {
    const programs = new Programs(codes);
    for (const program of Object.keys(codes)) {
      programs.#roots.set(program, programs.#add(null, program, null, await programs.#start(program)));
    }
    return programs;
  }

  get size(): number {
    return this.#nodes.length;
  }

  root(program: string): ProgramNode {
    const root = this.#roots.get(program);
    if (root === undefined) throw new Error(`${program} is no program`);
    return root;
  }

  get(id: number): ProgramNode {
    return this.#known(id);
  }

  /** Throws `Missing` where that has not been run yet. */
  next(id: number, answer: Answer): ProgramNode {
    const next = this.#known(id).next.get(keyOf(answer));
    if (next === undefined) throw new Missing(id, answer);
    return next;
  }

  async run({ node: id, answer }: Missing): Promise<void> {
    const node = this.#known(id);
    const run = node.run ?? (await this.#replay(node));
    node.run = null;
    await run.answer(answer);
    const claimed = claimedAfter(node, answer);
    const isNewClaim = node.request?.call === 'claimJob';
    if (!run.isAtStep || isNewClaim || claimed === null || run.request === null) {
      node.next.set(keyOf(answer), this.#add(node, node.program, answer, run, claimed));
      return;
    }
    await run.retire();
    node.next.set(keyOf(answer), await this.#nodeOfClaim(node.program, claimed));
  }

  async #nodeOfClaim(program: string, claimed: Claimed): Promise<KnownNode> {
    const root = this.#known(this.root(program).id);
    const answer = ok(claimed);
    const key = keyOf(answer);
    if (!root.next.has(key)) await this.run(new Missing(root.id, answer));
    return root.next.get(key)!;
  }

  async close(): Promise<void> {
    for (const { run } of this.#nodes) await run?.retire();
  }

  #known(id: number): KnownNode {
    const node = this.#nodes[id];
    if (node === undefined) throw new Error(`No node ${id}`);
    return node;
  }

  #start(program: string): Promise<Run> {
    const code = this.#codes[program];
    if (code === undefined) throw new Error(`${program} is no program`);
    return startRun(code);
  }

  async #replay(node: KnownNode): Promise<Run> {
    const answers: Answer[] = [];
    for (let at: KnownNode | null = node; at?.answer != null; at = at.parent) answers.unshift(at.answer);
    const run = await this.#start(node.program);
    for (const answer of answers) await run.answer(answer);
    if (JSON.stringify(run.request) !== JSON.stringify(node.request)) throw new Error('The code is not deterministic');
    return run;
  }

  #add(
    parent: KnownNode | null,
    program: string,
    answer: Answer | null,
    run: Run,
    claimed: Claimed | null = null,
  ): KnownNode {
    const { request } = run;
    const node = { id: this.#nodes.length, request, parent, program, answer, next: new Map(), run, claimed };
    this.#nodes.push(node);
    return node;
  }
}

function keyOf(answer: Answer): string {
  switch (answer.kind) {
    case 'ok':
      return typeof answer.value === 'string' ? answer.value : textOf(answer.value);
    case 'refused':
      return answer.as;
    default:
      return answer.kind;
  }
}

function claimedAfter({ request, claimed }: KnownNode, answer: Answer): Claimed | null {
  if (answer.kind !== 'ok' || answer.value === null) return claimed;
  if (request?.call === 'claimJob') return answer.value as Claimed;
  return claimed !== null && request?.call === 'recordEvent' ? { ...claimed, state: answer.value } : claimed;
}
