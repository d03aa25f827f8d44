import pg from 'pg';

import { startPlatform, type Platform } from '../../../support/platform.js';
import { ownKubeconfigs } from '../../../support/register-clusters.js';
import { removeEverything } from '../../proof/cluster-objects.js';
import type { ScenarioRun } from '../../scenario.js';
import { Disruptor } from './disruptor.js';
import { openSite, type Site } from './site.js';

/** What a run of the scenario stands on. */
export interface Laboratory {
  readonly platform: Platform;
  /** PostgreSQL, past the product. */
  readonly database: pg.Pool;
  readonly sites: readonly Site[];
}

/** Nothing that has finished is removed from a cluster while it is compared. */
const OVERRIDES = { FINISHED_RETENTION_SECONDS: '604800' };

/** Starts the product with a proxy between its watcher and each cluster, and ends all of it afterwards. */
export async function withSites<T>(scenario: ScenarioRun, work: (laboratory: Laboratory) => Promise<T>): Promise<T> {
  const disruptors = new Map<string, Disruptor>();
  for (const cluster of scenario.environment.clusters)
    disruptors.set(cluster.name, await Disruptor.start(ownKubeconfigs(cluster).watcher));
  try {
    return await withPlatform(scenario, disruptors, work);
  } finally {
    for (const disruptor of disruptors.values()) await disruptor.close();
  }
}

async function withPlatform<T>(
  scenario: ScenarioRun,
  disruptors: ReadonlyMap<string, Disruptor>,
  work: (laboratory: Laboratory) => Promise<T>,
): Promise<T> {
  const platform = await startPlatform('watch-disruptions', OVERRIDES, {
    kubeconfigs: (cluster) => ({
      ...ownKubeconfigs(cluster),
      watcher: disruptorOf(disruptors, cluster.name).kubeconfigText,
    }),
  });
  const database = new pg.Pool({ connectionString: platform.env.DATABASE_URL, max: 4 });
  const sites: Site[] = [];
  try {
    for (const [i, cluster] of scenario.environment.clusters.entries()) {
      const disruptor = disruptorOf(disruptors, cluster.name);
      sites.push(await openSite(platform, cluster, { disruptor, database, seed: scenario.seed + i }));
    }
    return await work({ platform, database, sites });
  } finally {
    for (const { truth } of sites) await truth.stop();
    await removeEverything({ platform });
    await database.end();
    await platform.stop();
  }
}

function disruptorOf(disruptors: ReadonlyMap<string, Disruptor>, cluster: string): Disruptor {
  const disruptor = disruptors.get(cluster);
  if (disruptor === undefined) throw new Error(`There is no proxy before ${cluster}`);
  return disruptor;
}
