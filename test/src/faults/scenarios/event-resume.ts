import { shellJob } from '../../support/job-input.js';
import { gatherEvidence } from '../checker/gather-evidence.js';
import { checkDurable } from '../checker/rules/durable.js';
import { checkEvents } from '../checker/rules/events.js';
import { createHistory } from '../history.js';
import { historyFile } from '../lab/laboratory-file.js';
import { persistently } from '../lab/persistently.js';
import { cutsOf, startApiProxies, type Cuts } from '../lab/api-proxies.js';
import { startProduct, type Product } from '../lab/product.js';
import { startSchedule, type Fault, type Schedule } from '../lab/schedule.js';
import { killsOf } from '../lab/service-faults.js';
import { createRandom } from '../random.js';
import type { Scenario, ScenarioRun } from '../scenario.js';
import type { Violation } from '../violation.js';
import { makeHeldJobs, stirJobs } from './event-resume/held-jobs.js';
import { Reader, type ReaderOptions } from './event-resume/reader.js';

interface Size {
  readonly heldJobs: number;
  /** That run in pods, on real nodes. */
  readonly runningJobs: number;
  /** Of each reader of held jobs. */
  readonly reconnects: number;
  readonly jobsAReader: number;
  readonly lifeMs: ReaderOptions['lifeMs'];
  readonly killEveryMs: Fault['everyMs'];
}

const FULL: Size = {
  heldJobs: 1_000,
  runningJobs: 20,
  reconnects: 100,
  jobsAReader: 50,
  lifeMs: [500, 3_000],
  killEveryMs: [8_000, 15_000],
};
const SHORT: Size = {
  heldJobs: 10,
  runningJobs: 1,
  reconnects: 10,
  jobsAReader: 5,
  lifeMs: [100, 500],
  killEveryMs: [1_000, 2_000],
};
const CUTS: Cuts = { within: 'a message', everyMs: [1_000, 4_000], afterBytes: [1, 20_000] };
/** A connection of a reader of jobs in pods: they run for some seconds only. */
const RUNNING_LIFE_MS = [50, 400] as const;
const READ_TIMEOUT_MS = 180_000;

/**
 * Most jobs run nowhere: callers hold, release and cancel them, so that thousands of events are made without a pod. A few
 * run on the clusters, with tasks that fail and are tried again.
 */
export const eventResume: Scenario = {
  name: 'event-resume',
  promise: 'Every event comes once and in order, across reconnects and api processes (promise 7)',
  target: 'all events of 1,000 jobs to subscribers that reconnect 100 times each, with cuts and kills: 0 lost, 0 twice',
  run: async (run) => {
    const size = run.isShort ? SHORT : FULL;
    const held = await followHeldJobs(run, size);
    const running = await followRunningJobs(run, size);
    const faults: Record<string, number> = { ...held.faults };
    for (const [kind, count] of Object.entries(running.faults)) faults[kind] = (faults[kind] ?? 0) + count;
    return {
      operations: held.operations + running.operations,
      faults,
      violations: [...held.violations, ...running.violations],
      figures: {
        'jobs without pods': `${size.heldJobs}, with ${held.events} events`,
        'jobs in pods': `${size.runningJobs}, with ${running.events} events`,
        'fewest reconnects of a reader': String(held.fewestReconnects),
        'connections in all': String(held.connections + running.connections),
      },
      missed:
        held.fewestReconnects < size.reconnects
          ? [`a reader reconnected ${held.fewestReconnects} times instead of ${size.reconnects}`]
          : [],
    };
  },
};

interface Followed {
  readonly operations: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly violations: readonly Violation[];
  readonly events: number;
  readonly connections: number;
  readonly fewestReconnects: number;
}

async function followHeldJobs(run: ScenarioRun, size: Size): Promise<Followed> {
  const processes = { api: 3, dispatcher: 0, watcher: 0 };
  const product = await startProduct({ ...run.environment, clusters: [] }, { label: 'resume', processes });
  return followAll(run, product, size, size.lifeMs, async (startReaders) => {
    const cursors = await makeHeldJobs(product.clients, size.heldJobs);
    run.say(`${cursors.size} jobs are followed`);
    const readers = startReaders(cursors);
    const isEnough = () => readers.every(({ connections }) => connections > size.reconnects);
    const answered = await stirJobs(product.clients, [...cursors.keys()], isEnough);
    run.say(`${answered} requests answered; every reader has come back ${size.reconnects} times`);
    return cursors.size + answered;
  });
}

async function followRunningJobs(run: ScenarioRun, size: Size): Promise<Followed> {
  const product = await startProduct(run.environment, {
    label: 'resume-pods',
    processes: { api: 2, dispatcher: 1, watcher: 1 },
  });
  return followAll(run, product, size, RUNNING_LIFE_MS, async (startReaders) => {
    const cursors = new Map<string, string>();
    for (let i = 0; i < size.runningJobs; i += 1) {
      // The first attempt of each task fails.
      const script = 'sleep 1; [ "$JOB_COMPLETION_INDEX" = 0 ]';
      const input = shellJob(run.environment, script, { completions: 2, parallelism: 2, backoffLimit: 1 });
      const request = { ...input, requestId: input.name };
      const job = await persistently(product.clients, (client) => client.createJob(request));
      cursors.set(job.id, job.eventCursor);
    }
    run.say(`${cursors.size} jobs in pods are followed`);
    startReaders(cursors);
    return cursors.size;
  });
}

/**
 * @param work starts the readers once there are jobs, and does what there is to be read of; gives how many requests were
 * answered
 */
async function followAll(
  run: ScenarioRun,
  product: Product,
  size: Size,
  lifeMs: ReaderOptions['lifeMs'],
  work: (startReaders: (cursors: ReadonlyMap<string, string>) => readonly Reader[]) => Promise<number>,
): Promise<Followed> {
  const random = createRandom(run.seed);
  const path = historyFile(`event-resume-${product.env.REDIS_PREFIX}`);
  const history = createHistory(path);
  const proxies = await startApiProxies(product);
  const readers: Reader[] = [];
  const reading: Promise<void>[] = [];
  const patience = new AbortController();
  const startReaders = (cursors: ReadonlyMap<string, string>): readonly Reader[] => {
    const addresses = proxies.map(({ host, port }) => `http://${host}:${port}`);
    for (const [i, some] of chunks([...cursors], size.jobsAReader).entries()) {
      const name = `reader ${i}`;
      const options = { name, addresses, apiKey: product.apiKey, history, random: random.fork(name), lifeMs };
      readers.push(new Reader(options, new Map(some)));
    }
    reading.push(...readers.map((reader) => reader.run(patience.signal)));
    return readers;
  };
  let faults: Schedule | undefined;
  try {
    faults = startSchedule(
      [killsOf(product, 'api', size.killEveryMs, random), ...cutsOf(proxies, CUTS, random)],
      random,
    );
    const operations = await work(startReaders);
    const timer = setTimeout(() => patience.abort(), READ_TIMEOUT_MS);
    await Promise.all(reading);
    clearTimeout(timer);
    await faults.stop();
    history.close();
    return { operations, faults: faults.counts, ...(await judge(product, path, readers)) };
  } finally {
    patience.abort();
    await faults?.stop();
    await Promise.all(proxies.map((proxy) => proxy.close()));
    await product.stop();
  }
}

async function judge({ env, startedAt }: Product, historyPath: string, readers: readonly Reader[]) {
  const sources = { historyPath, since: startedAt, databaseUrl: env.DATABASE_URL, clusters: [] };
  const evidence = await gatherEvidence({ ...sources, installation: env.CCLUSTER_INSTALLATION });
  const refusals = readers.flatMap((reader) => reader.refusals);
  return {
    violations: [
      ...checkEvents(evidence),
      ...checkDurable(evidence),
      ...refusals.map((what): Violation => ({ rule: 'P7 events', subject: 'a subscription', what })),
      ...readers.filter(({ openJobs }) => openJobs > 0).map(unfinished),
    ],
    events: [...evidence.jobs.values()].reduce((sum, { events }) => sum + events.length, 0),
    connections: readers.reduce((sum, reader) => sum + reader.connections, 0),
    fewestReconnects: Math.min(...readers.map(({ connections }) => connections - 1)),
  };
}

function unfinished({ openJobs }: Reader): Violation {
  return { rule: 'P7 events', subject: 'a reader', what: `waited in vain for the end of ${openJobs} subscriptions` };
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, i) => items.slice(i * size, (i + 1) * size));
}
