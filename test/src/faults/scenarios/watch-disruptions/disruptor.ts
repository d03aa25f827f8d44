import {
  startHttpFaultProxy,
  waitFor,
  type AnswerFault,
  type HttpFault,
  type HttpFaultProxy,
  type ProxiedRequest,
} from '@ccluster/testkit';

import { STREAMS, type Disruption, type Stream } from './disruption.js';

/** For a watch to run that can be struck, and for something to come of it. */
const STRIKE_TIMEOUT_MS = 20_000;
/** Longer than any silence that a reflector bears. */
const RETURN_TIMEOUT_MS = 240_000;

/** Breaks the watches of one cluster, one disruption after the other. */
export class Disruptor {
  #proxy!: HttpFaultProxy;
  #next: (NonNullable<Disruption['next']> & Pick<Disruption, 'streams'>) | undefined;
  /** The faults of the present disruption that are not over, and how often each is to happen. */
  readonly #pending = new Map<HttpFault, number>();
  #endedMs = 0;
  /** When a watch of each stream was opened last, without a fault. */
  readonly #openedMs = new Map<Stream, number>();

  static async start(kubeconfigText: string): Promise<Disruptor> {
    const disruptor = new Disruptor();
    disruptor.#proxy = await startHttpFaultProxy({
      kubeconfigText,
      decide: (request) => disruptor.#decide(request),
      onFaultEnd: (fault, request) => disruptor.#over(fault, request),
    });
    return disruptor;
  }

  get kubeconfigText(): string {
    return this.#proxy.kubeconfigText;
  }

  get counts(): Readonly<Record<string, number>> {
    return this.#proxy.counts;
  }

  /**
   * Resolves when the disruption is over and all watches that it broke have been opened again.
   * @returns when it was over: from then on everything could be had (`performance.now()`); undefined where it had
   * nothing to strike in time, and did not happen
   */
  async disrupt(disruption: Disruption): Promise<number | undefined> {
    const { name, streams, breaksWatch } = disruption;
    if (!(await this.#strike(disruption))) return undefined;
    const endedMs = this.#endedMs;
    if (!breaksWatch) return endedMs;
    await waitFor(() => streams.every((stream) => this.#hasOpenedSince(stream, endedMs)), {
      timeoutMs: RETURN_TIMEOUT_MS,
      what: `watches of ${streams.join(', ')} after "${name}"`,
    });
    return endedMs;
  }

  /**
   * Nothing comes on any of its watches any more, and no word of that. Resolves when all have been opened again.
   * @returns how long that took, milliseconds
   */
  async fallSilent(): Promise<number> {
    const startMs = performance.now();
    for (const stream of STREAMS) await this.#strikeWatch(stream, { kind: 'half-open', forMs: Infinity });
    await waitFor(() => STREAMS.every((stream) => this.#hasOpenedSince(stream, startMs)), {
      timeoutMs: RETURN_TIMEOUT_MS,
      what: 'watches after silence',
    });
    return performance.now() - startMs;
  }

  close(): Promise<void> {
    return this.#proxy.close();
  }

  /** Resolves when it is over; false: it did not happen in time, and does not happen any more. */
  async #strike({ streams, running, next }: Disruption): Promise<boolean> {
    this.#next = next === undefined ? undefined : { ...next, streams };
    if (next !== undefined) this.#pending.set(next.fault, 1);
    this.#pending.set(running, streams.length);
    try {
      for (const stream of streams) await this.#strikeWatch(stream, running);
      const what = `${running.kind} to be over`;
      return await waitFor(() => this.#pending.size === 0, { timeoutMs: STRIKE_TIMEOUT_MS, what });
    } catch {
      this.#pending.clear();
      this.#next = undefined;
      this.#proxy.strike({ kind: 'cut-body', afterBytes: 0 }, ({ isWatch }) => isWatch);
      return false;
    }
  }

  async #strikeWatch(stream: Stream, fault: AnswerFault): Promise<void> {
    await waitFor(() => this.#proxy.strike(fault, (request) => request.isWatch && streamOf(request) === stream) > 0, {
      timeoutMs: STRIKE_TIMEOUT_MS,
      what: `a watch of ${stream}`,
    });
  }

  #hasOpenedSince(stream: Stream, ms: number): boolean {
    return (this.#openedMs.get(stream) ?? 0) >= ms;
  }

  #decide(request: ProxiedRequest): HttpFault | undefined {
    const stream = streamOf(request);
    if (stream === undefined) return undefined;
    const next = this.#next;
    if (next?.isWatch === request.isWatch && next.streams.includes(stream)) {
      this.#next = undefined;
      return next.fault;
    }
    if (request.isWatch) this.#openedMs.set(stream, performance.now());
    return undefined;
  }

  #over(fault: HttpFault, request: ProxiedRequest): void {
    const left = (this.#pending.get(fault) ?? 0) - 1;
    if (left > 0) this.#pending.set(fault, left);
    else this.#pending.delete(fault);
    this.#endedMs = performance.now();
    // A request that came late is a watch from now on.
    const stream = fault.kind === 'stall-request' && request.isWatch ? streamOf(request) : undefined;
    if (stream !== undefined) this.#openedMs.set(stream, this.#endedMs);
  }
}

function streamOf({ method, path }: ProxiedRequest): Stream | undefined {
  return method === 'GET' ? STREAMS.find((stream) => path.endsWith(`/${stream}`)) : undefined;
}
