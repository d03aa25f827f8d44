import type { FaultProxy } from '@ccluster/testkit';

import { createHistory, digestOf, type History } from '../history.js';
import { cutsOf, startApiProxies, type Cuts } from '../lab/api-proxies.js';
import { checkProduct } from '../lab/check-product.js';
import { historyFile } from '../lab/laboratory-file.js';
import { persistently } from '../lab/persistently.js';
import { startProduct, type Product } from '../lab/product.js';
import { startSchedule, type Fault } from '../lab/schedule.js';
import { killsOf } from '../lab/service-faults.js';
import { createRandom, type Random } from '../random.js';
import type { Scenario, ScenarioResult, ScenarioRun } from '../scenario.js';
import type { Violation } from '../violation.js';
import { makeCalls, type Call, type CallCounts } from './request-replays/callers.js';
import { countJobs } from './request-replays/count-jobs.js';
import { aReplayedInput, changed, reworded } from './request-replays/replayed-input.js';
import type { RequestOutcome } from './request-replays/send-request.js';

interface Size {
  readonly requests: number;
  /** Of each request. */
  readonly replays: number;
  readonly callers: number;
  readonly killEveryMs: Fault['everyMs'];
}

const FULL: Size = { requests: 100, replays: 100, callers: 64, killEveryMs: [4_000, 8_000] };
const SHORT: Size = { requests: 5, replays: 20, callers: 16, killEveryMs: [500, 1_500] };
const CUTS: Cuts = { within: 'an answer', everyMs: [200, 800], afterBytes: [0, 2_000] };
/** Of each request, and of each that was deleted. */
const AFTERWARDS = 5;

export const requestReplays: Scenario = {
  name: 'request-replays',
  promise: 'The same request id and input is the same job, from any number of callers at once (promise 2)',
  target: '10,000 replays from 64 callers under timeouts, cuts and kills: one job each, equal answers',
  run: async (run) => {
    const processes = { api: 3, dispatcher: 0, watcher: 0 };
    const product = await startProduct({ ...run.environment, clusters: [] }, { label: 'replays', processes });
    const proxies = await startApiProxies(product);
    try {
      return await replay(run, product, proxies, run.isShort ? SHORT : FULL);
    } finally {
      await Promise.all(proxies.map((proxy) => proxy.close()));
      await product.stop();
    }
  },
};

async function replay(
  run: ScenarioRun,
  product: Product,
  proxies: readonly FaultProxy[],
  size: Size,
): Promise<ScenarioResult> {
  const random = createRandom(run.seed);
  const path = historyFile('request-replays');
  const history = createHistory(path);
  const answers = new Answers(history);
  const addresses = [...product.services.api.map(({ address }) => address), ...proxies.map(addressOf)];
  const { apiKey } = product;
  const callAll = (calls: readonly Call[]): Promise<CallCounts> =>
    makeCalls(calls, { addresses, apiKey, callers: size.callers, random, signal: run.signal });
  const inputs = Array.from({ length: size.requests }, () => aReplayedInput(random));
  const faults = startSchedule(
    [killsOf(product, 'api', size.killEveryMs, random), ...cutsOf(proxies, CUTS, random)],
    random,
  );
  const counts: CallCounts[] = [];
  try {
    const replays = shuffled(
      inputs.flatMap((input) => Array<typeof input>(size.replays).fill(input)),
      random,
    );
    counts.push(await callAll(replays.map((input) => answers.expectingJob(input, reworded(input, random)))));
    run.say(`${replays.length} replays of ${inputs.length} requests answered`);
    const others = inputs.flatMap((input) => Array.from({ length: AFTERWARDS }, () => changed(input, random)));
    counts.push(await callAll(others.map((input) => answers.expectingRefusal(input, 'REQUEST_ID_CONFLICT'))));
    answers.violations.push(...(await wrongCounts(product, inputs)));
    await deleteAll(product, answers.jobIds(), history);
    const late = shuffled(
      inputs.flatMap((input) => Array<typeof input>(AFTERWARDS).fill(input)),
      random,
    );
    counts.push(
      await callAll(late.map((input) => answers.expectingRefusal(reworded(input, random), 'JOB_DELETED', true))),
    );
  } finally {
    await faults.stop();
    history.close();
  }
  const sum = (field: keyof CallCounts) => counts.reduce((total, each) => total + each[field], 0);
  return {
    operations: sum('answered'),
    faults: { ...faults.counts, 'requests without an answer': sum('unanswered') },
    violations: [...answers.violations, ...(await checkProduct(product, path))],
    figures: {
      'replays answered with the job of their request': String(answers.same),
      'jobs made': `${answers.jobIds().length} of ${inputs.length} requests`,
      'other inputs refused': `${answers.refused['REQUEST_ID_CONFLICT'] ?? 0} of ${inputs.length * AFTERWARDS}`,
      'replays refused after deletion': `${answers.refused['JOB_DELETED'] ?? 0} of ${inputs.length * AFTERWARDS}`,
    },
    missed: [],
  };
}

/** What callers were answered, held against what the first one was. */
class Answers {
  readonly violations: Violation[] = [];
  readonly refused: Record<string, number> = {};
  same = 0;
  readonly #history: History;
  /** By request id: the job, as it was first shown. */
  readonly #first = new Map<string, { readonly jobId: string; readonly text: string }>();

  constructor(history: History) {
    this.#history = history;
  }

  jobIds(): string[] {
    return [...this.#first.values()].map(({ jobId }) => jobId);
  }

  expectingJob(original: ReturnType<typeof aReplayedInput>, input: Call['input']): Call {
    const { requestId } = original;
    return {
      input,
      onOutcome: (outcome) => {
        const first = this.#first.get(requestId);
        if (outcome.kind === 'JOB' && first === undefined) this.#recordFirst(original, outcome);
        else this.#history.record({ op: 'REQUEST_REPLAYED', requestId, ...recorded(outcome) });
        if (outcome.kind === 'JOB' && outcome.text === (first?.text ?? outcome.text)) this.same += 1;
        else this.#addViolation(requestId, `was answered with ${shown(outcome)} after ${first?.text ?? 'nothing'}`);
      },
    };
  }

  expectingRefusal(input: Call['input'], code: string, isSame = false): Call {
    const requestId = input.requestId ?? '';
    const digest = isSame ? {} : { digest: digestOf(input) };
    return {
      input,
      onOutcome: (outcome) => {
        this.#history.record({ op: 'REQUEST_REPLAYED', requestId, ...recorded(outcome), ...digest });
        if (outcome.kind === 'REFUSED' && outcome.code === code) this.refused[code] = (this.refused[code] ?? 0) + 1;
        else this.#addViolation(requestId, `was answered with ${shown(outcome)} instead of ${code}`);
      },
    };
  }

  #recordFirst(original: ReturnType<typeof aReplayedInput>, job: Extract<RequestOutcome, { kind: 'JOB' }>): void {
    const { requestId, name, completions, parallelism } = original;
    this.#first.set(requestId, job);
    const described = { name, completions: completions ?? 1, parallelism: parallelism ?? 1, enableLogging: true };
    this.#history.record({ op: 'CREATED', jobId: job.jobId, requestId, digest: digestOf(original), ...described });
  }

  #addViolation(subject: string, what: string): void {
    this.violations.push({ rule: 'P2 idempotent', subject, what });
  }
}

function recorded(outcome: RequestOutcome): { readonly jobId?: string; readonly code?: string } {
  if (outcome.kind === 'JOB') return { jobId: outcome.jobId };
  return outcome.kind === 'REFUSED' ? { code: outcome.code } : {};
}

function shown(outcome: RequestOutcome): string {
  if (outcome.kind === 'JOB') return outcome.text;
  return outcome.kind === 'REFUSED' ? outcome.code : 'nothing';
}

async function wrongCounts({ env }: Product, inputs: readonly { readonly name: string }[]): Promise<Violation[]> {
  const counts = await countJobs(env.DATABASE_URL);
  const names = new Set(inputs.map(({ name }) => name));
  const strangers = [...counts.keys()].filter((name) => !names.has(name));
  const wrong = [...names].filter((name) => counts.get(name) !== 1);
  return [
    ...wrong.map((name) => ({ subject: name, what: `has ${counts.get(name) ?? 0} rows` })),
    ...strangers.map((name) => ({ subject: name, what: 'is a job of a request that was refused' })),
  ].map((each) => ({ rule: 'P2 idempotent', ...each }));
}

async function deleteAll({ clients }: Product, jobIds: readonly string[], history: History): Promise<void> {
  for (const jobId of jobIds) {
    const askedAt = Date.now();
    const { status } = await persistently(clients, (client) => client.cancelJob(jobId));
    history.record({ op: 'CANCEL_ANSWERED', jobId, status, askedAt });
    // One that was deleted behind a lost answer is not found.
    await persistently(clients, (client) => client.deleteJob(jobId)).catch(() => undefined);
    history.record({ op: 'DELETED', jobId });
  }
}

function addressOf({ host, port }: FaultProxy): string {
  return `http://${host}:${port}`;
}

function shuffled<T>(items: readonly T[], random: Random): T[] {
  return items
    .map((item) => ({ item, place: random.next() }))
    .toSorted((left, right) => left.place - right.place)
    .map(({ item }) => item);
}
