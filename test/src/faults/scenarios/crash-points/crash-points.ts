import { crashPointsOf } from '@ccluster/runtime';

import type { ServiceName, ServiceProcess } from '../../../support/service-process.js';
import { createHistory } from '../../history.js';
import { clusterAdmin, refuseMarkedJobs } from '../../lab/admin.js';
import { checkProduct } from '../../lab/check-product.js';
import { historyFile } from '../../lab/laboratory-file.js';
import { startOutages, type Outages } from '../../lab/outages.js';
import { startProduct } from '../../lab/product.js';
import { startSchedule, type Fault } from '../../lab/schedule.js';
import { simulatedToo } from '../../lab/simulated.js';
import { untilAllEnded } from '../../lab/until-all-ended.js';
import { createRandom, type Random } from '../../random.js';
import type { Scenario, ScenarioResult, ScenarioRun } from '../../scenario.js';
import { crashAll, type Trial } from './crasher.js';
import { lives, type Life, type World } from './lives.js';

const SERVICES: readonly ServiceName[] = ['api', 'dispatcher', 'watcher'];
const SEEDS = { full: 20, short: 1 };
const LIVES_AT_ONCE = 8;
/** Processes of each service that are never armed. */
const STAYING: Readonly<Record<ServiceName, number>> = { api: 1, dispatcher: 1, watcher: 0 };
const PATIENCE_MS = 30_000;

/** Mostly those without a container: to start one takes more of the machine than all else that happens to a job. */
const ORDINARY: readonly Life[] = [
  ...(['quick', 'quick', 'quick', 'cancelled', 'suspended', 'deleted', 'refused', 'gone'] as const),
  ...(['plain', 'rerun'] as const),
];
/** Lives that come by a step that ordinary ones do not; the others come by all the time. */
const LIFE_FOR: Readonly<Record<string, Life>> = {
  'record request': 'cancelled',
  'hide job': 'deleted',
  'remove row': 'deleted',
  'store logs': 'plain',
  'inherit tasks': 'rerun',
  'record DISPATCH_REFUSED': 'refused',
  'record KUBERNETES_JOB_GONE': 'goneUnseen',
  'record CLUSTER_UNREACHABLE': 'cancelled',
  'record gone': 'gone',
};
/** Steps that are taken only where a cluster does not answer. */
const NEEDS_OUTAGES: ReadonlySet<string> = new Set(['record PLACEMENT_UNDONE', 'record CLUSTER_UNREACHABLE']);

export const crashPoints: Scenario = {
  name: 'crash-points',
  promise: 'No job is lost or run twice, wherever a process dies (I1, I2, promises 1 to 4)',
  target: 'every crash point × 20 seeds with two dispatchers and two clusters: 0 violations',
  run: runCrashPoints,
};

async function runCrashPoints(run: ScenarioRun): Promise<ScenarioResult> {
  const outages = await startOutages(run.environment.clusters);
  const product = await startProduct(simulatedToo(run.environment), {
    label: 'crash',
    // One watcher: with two, the other would hold the leases, and nothing would come by the points.
    processes: { api: 2, dispatcher: 3, watcher: 1 },
    kubeconfigsOf: outages.kubeconfigsOf,
  });
  const admins = run.environment.clusters.map(clusterAdmin);
  const removePolicies = await Promise.all(admins.map(refuseMarkedJobs));
  const path = historyFile('crash-points');
  const world: World = { product, admins, random: createRandom(run.seed), history: createHistory(path) };
  try {
    return await crashEverywhere(run, world, outages, path);
  } finally {
    await Promise.all(removePolicies.map((remove) => remove()));
    await product.stop();
    await outages.close();
  }
}

async function crashEverywhere(
  run: ScenarioRun,
  world: World,
  outages: Outages,
  historyPath: string,
): Promise<ScenarioResult> {
  const trials = trialsOf(run.isShort ? SEEDS.short : SEEDS.full, world.random);
  const current = new Map<ServiceProcess, Trial>();
  const load = startLoad(world, () => [...current.values()]);
  const away = startSchedule([outagesWhileNeeded(outages, current)], world.random);
  const crashed: Trial[] = [];
  try {
    // Not all at once: where no watcher lives for long, no job comes to an end, and nothing comes by the other points.
    await Promise.all((['api', 'dispatcher'] as const).map(async (service) => crashService(service)));
    await crashService('watcher');
  } finally {
    await away.stop();
    run.say(`${crashed.length} of ${trials.length} crashes done; the last lives end`);
    await load.stop();
    world.history.close();
  }
  await untilAllEnded(world.product, run);
  const violations = await checkProduct(world.product, historyPath);
  return { ...resultOf(trials, crashed, away.counts), violations, operations: load.lived() };

  /** The first processes of a service stay; the others share its trials. */
  async function crashService(service: ServiceName): Promise<void> {
    const mine = trials.filter((trial) => trial.service === service);
    const armed = world.product.services[service].slice(STAYING[service]);
    const crashOne = async (process: ServiceProcess, place: number): Promise<void> => {
      const onTrial = (trial: Trial): void => void current.set(process, trial);
      const share = mine.filter((_, i) => i % armed.length === place);
      const crasher = { process, random: world.random.fork(`${service} ${place}`), patienceMs: PATIENCE_MS, onTrial };
      crashed.push(...(await crashAll({ ...crasher, say: run.say }, share, run.signal)));
      current.delete(process);
    };
    await Promise.all(armed.map(crashOne));
  }
}

/** Clusters are away now and then while a point is tried that is come by only then. */
function outagesWhileNeeded(outages: Outages, current: ReadonlyMap<ServiceProcess, Trial>): Fault {
  return {
    kind: 'outage',
    everyMs: [1_000, 2_000],
    strike: async () => {
      if ([...current.values()].some(({ point }) => NEEDS_OUTAGES.has(stepOf(point)))) await outages.outage();
    },
  };
}

function resultOf(
  trials: readonly Trial[],
  crashed: readonly Trial[],
  faults: ScenarioResult['faults'],
): Pick<ScenarioResult, 'faults' | 'crashPoints' | 'figures' | 'missed'> {
  const nameOf = ({ service, point }: Trial): string => `${service}: ${point}`;
  const all = new Set(trials.map(nameOf));
  const covered = new Set(crashed.map(nameOf));
  return {
    faults: { ...faults, 'crash at a point': crashed.length, 'kill elsewhere': trials.length - crashed.length },
    crashPoints: { covered: covered.size, total: all.size },
    figures: { 'crashes at their point': `${crashed.length} of ${trials.length}` },
    missed: [...all].filter((name) => !covered.has(name)).map((name) => `never crashed ${name}`),
  };
}

/** Every point as often as there are seeds, in an order of chance. */
function trialsOf(seeds: number, random: Random): Trial[] {
  const points = SERVICES.flatMap((service) => crashPointsOf(service).map((point) => ({ service, point })));
  const trials = Array.from({ length: seeds }, () => points).flat();
  return trials
    .map((trial) => ({ trial, order: random.next() }))
    .toSorted((a, b) => a.order - b.order)
    .map(({ trial }) => trial);
}

function stepOf(point: string): string {
  return point.replace(/^(before|after) /, '');
}

/** Lives all the time, half of them such as what is being tried needs. */
function startLoad(world: World, trials: () => readonly Trial[]): { lived(): number; stop(): Promise<void> } {
  const stopping = new AbortController();
  let lived = 0;
  const live = async (place: number): Promise<void> => {
    const random = world.random.fork(`life ${place}`);
    while (!stopping.signal.aborted) {
      const wanted = trials().flatMap(({ point }) => LIFE_FOR[stepOf(point)] ?? []);
      const isWanted = wanted.length > 0 && random.next() < 0.5;
      const choices = isWanted ? wanted : ORDINARY;
      await lives[random.pick(choices)]({ ...world, random });
      lived += 1;
    }
  };
  const living = Promise.allSettled(Array.from({ length: LIVES_AT_ONCE }, (_, place) => live(place)));
  return {
    lived: () => lived,
    stop: async () => {
      stopping.abort();
      const failed = (await living).find((each) => each.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
    },
  };
}
