import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { percentile } from '../../faults/lab/percentile.js';
import type { ApiAlone } from '../start-api-alone.js';
import { watchStolenTime } from './stolen-time.js';

/** Requests, sent whether or not those before are answered. */
const PER_SECOND = 50;
/** The unit of time in /proc. */
const MS_PER_TICK = 10;

const LIST = '{ jobs(first: 20) { edges { node { id name status counts { succeeded failed } } } } }';
const CREATE = 'mutation ($input: CreateJobInput!) { createJob(input: $input) { id } }';

/** What well-behaved callers met, over any number of phases. */
export class LegitimateLoad {
  readonly #api: ApiAlone;
  readonly #key: string;
  /** By phase. */
  readonly #timesMs: number[][] = [];
  #stolen = 0;
  #refused = 0;
  #cpuMs = 0;
  #durationMs = 0;

  constructor(api: ApiAlone, key: string) {
    this.#api = api;
    this.#key = key;
  }

  /** Asks for so long: every fifth request creates a job, the others list. */
  async askFor(phaseMs: number): Promise<void> {
    const timesMs: number[] = [];
    this.#timesMs.push(timesMs);
    const stolenSince = watchStolenTime();
    const beginMs = performance.now();
    const beginCpuMs = cpuMsOf(this.#api);
    const sent: Promise<void>[] = [];
    for (let dueMs = beginMs; dueMs < beginMs + phaseMs; dueMs += 1000 / PER_SECOND) {
      await sleep(Math.max(0, dueMs - performance.now()));
      sent.push(this.#ask(sent.length, dueMs, timesMs));
    }
    await Promise.all(sent);
    this.#cpuMs += cpuMsOf(this.#api) - beginCpuMs;
    this.#durationMs += performance.now() - beginMs;
    this.#stolen = stolenSince();
  }

  /** Of half of the phases it was less: one in which the machine stood still does not decide. */
  get p99Ms(): number {
    return percentile(
      this.#timesMs.map((timesMs) => percentile(timesMs, 0.99)),
      0.5,
    );
  }

  describeLastPhase(): string {
    const p99Ms = percentile(this.#timesMs.at(-1) ?? [], 0.99);
    return `${p99Ms.toFixed(0)} ms (${(100 * this.#stolen).toFixed(0)} % of the machine stolen)`;
  }

  get refused(): number {
    return this.#refused;
  }

  describe(): string {
    const all = this.#timesMs.flat();
    const ms = (value: number) => `${value.toFixed(1).padStart(7)} ms`;
    const cpu = Math.round((100 * this.#cpuMs) / this.#durationMs);
    return [
      `p50 ${ms(percentile(all, 0.5))}`,
      `p99 ${ms(this.p99Ms)} (of all together ${ms(percentile(all, 0.99)).trim()})`,
      `${all.length} requests, ${this.#refused} refused`,
      `${cpu} % CPU`,
    ].join('   ');
  }

  async #ask(number: number, dueMs: number, timesMs: number[]): Promise<void> {
    const input = { name: `l-${randomUUID().slice(0, 13)}`, imageUrl: 'registry/image', imageTag: '1' };
    const body = number % 5 === 0 ? { query: CREATE, variables: { input } } : { query: LIST };
    const headers = { authorization: `Bearer ${this.#key}`, 'content-type': 'application/json' };
    const isAnswered = await fetch(`${this.#api.address}/graphql`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    }).then(
      async (response) => (await response.arrayBuffer()) && response.status === 200,
      () => false,
    );
    // From when it was due: a sender that is late does not make the server look fast.
    timesMs.push(performance.now() - dueMs);
    if (!isAnswered) this.#refused += 1;
  }
}

/** Used by the process so far, in user and kernel mode. */
function cpuMsOf({ pid }: ApiAlone): number {
  const fields = readFileSync(`/proc/${pid()}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
}
