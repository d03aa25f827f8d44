import { waitFor } from '@ccluster/testkit';

import { readLiveCluster } from '../checker/live-objects.js';
import type { Scenario, ScenarioResult, ScenarioRun } from '../scenario.js';
import type { Violation } from '../violation.js';
import { compareStates } from './watch-disruptions/compare-states.js';
import { disruptSite } from './watch-disruptions/disrupt-site.js';
import { summarize, TARGET_P99_MS, type Measured } from './watch-disruptions/measured.js';
import { areAllJobsOver, compareWithGraphql, readShownState } from './watch-disruptions/shown-state.js';
import { withSites, type Laboratory } from './watch-disruptions/with-sites.js';

const QUIET_TIMEOUT_MS = 120_000;

interface Size {
  readonly bursts: number;
  /** In all clusters together. */
  readonly disruptionsPerBurst: number;
  readonly podsPerBurst: number;
}

const SHORT: Size = { bursts: 2, disruptionsPerBurst: 10, podsPerBurst: 25 };
const FULL: Size = { bursts: 50, disruptionsPerBurst: 20, podsPerBurst: 100 };
/** A real pod costs a second of the machine's processors. */
const FULL_WITHOUT_KWOK: Size = { bursts: 10, disruptionsPerBurst: 20, podsPerBurst: 50 };

/** The watches of the real product break in every way, and it ends up knowing what the clusters know. */
export const watchDisruptions: Scenario = {
  name: 'watch-disruptions',
  promise: 'Whatever befalls its watches, what is shown ends up as what the cluster says',
  target: '1,000 disruptions over 5,000 pods: equal 100 %, convergence p99 ≤ 2 s, process alive',
  run: (scenario) => withSites(scenario, (laboratory) => disruptAndCompare(scenario, laboratory)),
};

async function disruptAndCompare(scenario: ScenarioRun, laboratory: Laboratory): Promise<ScenarioResult> {
  const { isShort, say, signal } = scenario;
  const size = sizeOf(scenario);
  const measured: Measured[] = [];
  const comparisons: Violation[][] = [];
  for (let burst = 1; burst <= size.bursts; burst += 1) {
    measured.push(...(await disrupt(laboratory, size, signal)));
    const differences = await compareWhenQuiet(laboratory);
    comparisons.push(differences);
    say(`burst ${burst} of ${size.bursts}: ${measured.length} disruptions, ${differences.length} differences`);
  }
  comparisons.push(await compareGraphql(laboratory));
  const silences = isShort ? [] : await Promise.all(laboratory.sites.map(({ disruptor }) => disruptor.fallSilent()));
  const silenceMs = isShort ? undefined : Math.max(...silences);
  return resultOf(laboratory, { measured, comparisons, silenceMs, dead: await findDead(laboratory) });
}

function sizeOf({ isShort, environment }: ScenarioRun): Size {
  if (isShort) return SHORT;
  return environment.clusters.every(({ kwok }) => kwok !== null) ? FULL : FULL_WITHOUT_KWOK;
}

async function disrupt({ sites }: Laboratory, size: Size, signal: AbortSignal): Promise<Measured[]> {
  const shareOf = (count: number): number => Math.ceil(count / sites.length);
  const measured = await Promise.all(
    sites.map(async (site) => {
      await site.churn.start(shareOf(size.podsPerBurst));
      return disruptSite(site, shareOf(size.disruptionsPerBurst), signal);
    }),
  );
  return measured.flat();
}

/** What still differs some time after the last pod has ended. */
async function compareWhenQuiet({ platform, database, sites }: Laboratory): Promise<Violation[]> {
  await waitFor(() => areAllJobsOver(database), { timeoutMs: QUIET_TIMEOUT_MS, what: 'all jobs to be over' });
  let differences: Violation[] = [];
  const isEqual = async (): Promise<boolean> => {
    differences = [];
    for (const { cluster, clusterId } of sites) {
      const shown = await readShownState(database, clusterId);
      const live = await readLiveCluster(cluster.kubeconfig, platform.env.CCLUSTER_INSTALLATION);
      differences.push(...compareStates(live, shown));
    }
    return differences.length === 0;
  };
  await waitFor(isEqual, { timeoutMs: QUIET_TIMEOUT_MS, what: 'no difference' }).catch(() => undefined);
  return differences;
}

async function compareGraphql({ platform, database, sites }: Laboratory): Promise<Violation[]> {
  const differences: Violation[] = [];
  for (const { clusterId } of sites) {
    const { jobs } = await readShownState(database, clusterId);
    differences.push(...(await compareWithGraphql(platform.client, jobs)));
  }
  return differences;
}

/** @returns the services that do not answer any more */
async function findDead({ platform }: Laboratory): Promise<string[]> {
  const dead: string[] = [];
  for (const [name, { address }] of Object.entries(platform.services)) {
    const isAlive = await fetch(`${address}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (!isAlive) dead.push(name);
  }
  return dead;
}

interface Found {
  readonly measured: readonly Measured[];
  readonly comparisons: readonly (readonly Violation[])[];
  readonly silenceMs: number | undefined;
  readonly dead: readonly string[];
}

function resultOf({ sites }: Laboratory, { measured, comparisons, silenceMs, dead }: Found): ScenarioResult {
  const { p99Ms, figures } = summarize(measured);
  const equal = comparisons.filter((differences) => differences.length === 0).length;
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
  return {
    operations: sum(sites.map(({ churn }) => churn.jobIds.length)),
    faults: addCounts(sites.map(({ disruptor }) => disruptor.counts)),
    violations: comparisons.flat(),
    figures: {
      disruptions: String(measured.length),
      'pods seen': String(sum(sites.map(({ lag }) => lag.pods))),
      transitions: String(sum(sites.map(({ lag }) => lag.transitions))),
      'comparisons that were equal': `${equal} of ${comparisons.length}`,
      ...figures,
      ...(silenceMs === undefined ? {} : { 'silence borne at most': `${(silenceMs / 1_000).toFixed(0)} s` }),
      'services alive': dead.length === 0 ? 'all' : `not ${dead.join(', ')}`,
    },
    missed: [
      ...(p99Ms > TARGET_P99_MS ? [`convergence p99: ${figures['convergence p99']}`] : []),
      ...dead.map((name) => `${name} has ended`),
    ],
  };
}

function addCounts(counts: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const total: Record<string, number> = {};
  for (const [kind, count] of counts.flatMap((each) => Object.entries(each))) total[kind] = (total[kind] ?? 0) + count;
  return total;
}
