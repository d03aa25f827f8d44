import type { UntimedJobEvent } from '@ccluster/db';
import { KubernetesFault } from '@ccluster/kubernetes';

export type ClusterName = 'a' | 'b';

/** One step of a JSON Patch, as the product sends it. */
export interface PatchStep {
  readonly op: string;
  readonly path: string;
  readonly value: unknown;
}

/** Everything by which the product's code touches the world: it stands still at each until it is answered. */
export type Request =
  | { readonly call: 'claimJob' }
  | { readonly call: 'begin' }
  | { readonly call: 'commit' }
  | { readonly call: 'readTurn' }
  | { readonly call: 'recordEvent'; readonly event: UntimedJobEvent; readonly epoch: number | null }
  | { readonly call: 'findPlacementObstacle' }
  | { readonly call: 'releaseClaim'; readonly epoch: number }
  | { readonly call: 'removeDeletedJob'; readonly epoch: number }
  | { readonly call: 'findOwningJobs' }
  | { readonly call: 'sleep' }
  | ClusterRequest;

/** The one cluster that takes the job at this moment; or goes on with it, where it resumes. */
export interface Turn {
  readonly offer: ClusterName;
  readonly resumes: boolean;
}

export type ClusterRequest =
  | WriteRequest
  | ReadRequest
  | { readonly call: 'postSecret'; readonly cluster: ClusterName };
type ReadRequest = { readonly call: 'get' | 'list'; readonly cluster: ClusterName };

/** A call that may take effect any time after it was sent, though nobody waits for it any more. */
export type WriteRequest = { readonly cluster: ClusterName } & (
  | { readonly call: 'post'; readonly epoch: number; readonly intent: number; readonly suspended: boolean }
  | { readonly call: 'patch'; readonly patch: readonly PatchStep[] }
  /** `uid` null: whatever has the name. */
  | { readonly call: 'delete'; readonly uid: string | null }
);

export type Refusal = 'ALREADY_EXISTS' | 'NOT_FOUND' | 'CONFLICT' | 'INVALID' | 'POLICY' | 'UNREACHABLE';

/** `aborted`: its time is over, or its process is told to end. `broken`: PostgreSQL could not be asked, or not be heard. */
export type Answer =
  | { readonly kind: 'ok'; readonly value: object | string | null }
  | { readonly kind: 'refused'; readonly as: Refusal }
  | { readonly kind: 'aborted' }
  | { readonly kind: 'broken' };

export const ok = (value: object | string | null = null): Answer => ({ kind: 'ok', value });
export const refused = (as: Refusal): Answer => ({ kind: 'refused', as });

/** The code of the product, run as far as its next request. */
export interface Run {
  /** null: it has ended. */
  readonly request: Request | null;
  /** It has come to a new step of its dispatch since it was answered. */
  readonly isAtStep: boolean;
  /** @returns once it stands at its next request or has ended */
  answer(answer: Answer): Promise<void>;
  /** Lets go of what it holds; it is not to be answered any more. */
  retire(): Promise<void>;
}

interface Running {
  pending: { readonly request: Request; readonly answer: (answer: Answer) => void } | null;
  retired: boolean;
  isAtStep: boolean;
  readonly stop: AbortController;
  wake: () => void;
}

/** The run whose code is being executed: there is only ever one. */
let current: Running | undefined;

/** What the replaced parts of the product call. */
export function ask<T>(request: Request): Promise<T> {
  const running = current;
  if (running === undefined || running.pending !== null) throw new Error(`${request.call} was not expected here`);
  if (running.retired) return Promise.reject(new Error('The run is over'));
  return new Promise<T>((resolve, reject) => {
    const answer = (given: Answer) => settle(running, given, resolve as (value: unknown) => void, reject);
    running.pending = { request, answer };
    running.wake();
  });
}

export async function startRun(code: (signal: AbortSignal) => Promise<unknown>): Promise<Run> {
  const stop = new AbortController();
  const running: Running = { pending: null, retired: false, isAtStep: false, stop, wake: () => undefined };
  noteSteps(running);
  let hasEnded = false;
  const untilIdle = (go: () => void) =>
    new Promise<void>((resolve) => {
      current = running;
      running.wake = resolve;
      go();
    });
  let fault: unknown;
  const end = (error?: unknown) => {
    hasEnded = true;
    fault = isOurs(error) ? undefined : error;
    running.wake();
  };
  await untilIdle(() => void code(running.stop.signal).then(() => end(), end));
  const reply = (answer: Answer) => () => {
    const { pending } = running;
    running.pending = null;
    running.isAtStep = false;
    pending?.answer(answer);
  };
  return {
    get request() {
      return running.pending?.request ?? null;
    },
    get isAtStep() {
      return running.isAtStep;
    },
    answer: async (answer) => {
      await untilIdle(reply(answer));
      if (fault !== undefined) throw fault;
    },
    retire: async () => {
      running.retired = true;
      if (!hasEnded) await untilIdle(reply({ kind: 'broken' }));
    },
  };
}

/** Whether an error that ended the code is one that it was answered, or makes of it; any other is a fault of the model. */
export function isOurs(error: unknown): boolean {
  return !(error instanceof TypeError || error instanceof ReferenceError || error instanceof RangeError);
}

/** `dispatchJob` asks the signal before each step, and nothing else of the dispatcher does. */
function noteSteps(running: Running): void {
  const { signal } = running.stop;
  signal.throwIfAborted = () => {
    running.isAtStep = true;
    if (signal.aborted) throw signal.reason;
  };
}

function settle(
  running: Running,
  answer: Answer,
  resolve: (value: unknown) => void,
  reject: (error: unknown) => void,
): void {
  switch (answer.kind) {
    case 'ok':
      return resolve(answer.value);
    case 'refused':
      return reject(faultOf(answer.as));
    case 'aborted':
      running.stop.abort(new Error('Told to end'));
      return reject(running.stop.signal.reason);
    case 'broken':
      return reject(new Error('The connection to PostgreSQL was lost'));
  }
}

function faultOf(refusal: Refusal): KubernetesFault {
  switch (refusal) {
    case 'ALREADY_EXISTS':
      return new KubernetesFault('ALREADY_EXISTS', 'AlreadyExists', { status: 409, reason: 'AlreadyExists' });
    case 'NOT_FOUND':
      return new KubernetesFault('NOT_FOUND', 'NotFound', { status: 404, reason: 'NotFound' });
    case 'CONFLICT':
      return new KubernetesFault('CONFLICT', 'Conflict', { status: 409, reason: 'Conflict' });
    case 'INVALID':
      return new KubernetesFault('INVALID', 'Invalid', { status: 422, reason: 'Invalid' });
    case 'POLICY':
      return new KubernetesFault('FORBIDDEN', 'is forbidden by a policy', { status: 403, reason: 'Forbidden' });
    case 'UNREACHABLE':
      return new KubernetesFault('TIMEOUT', 'No answer');
  }
}
