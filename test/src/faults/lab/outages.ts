import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

import { startTcpFaultProxy, type FaultProxy, type TestCluster } from '@ccluster/testkit';

import { ownKubeconfigs, type ServiceKubeconfigs } from '../../support/register-clusters.js';
import type { Fault } from './schedule.js';

const AWAY_MS = 700;

/** A proxy before each API server, so that clusters can be away. */
export interface Outages {
  /** Kubeconfigs that lead through the proxy. */
  readonly kubeconfigsOf: (cluster: TestCluster) => ServiceKubeconfigs;
  /** All clusters refuse for a moment. */
  outage(): Promise<void>;
  /** Resets all connections, which may be opened again at once. */
  resetAll(): void;
  /** From now on no byte goes either way to or from this cluster. */
  partition(cluster: string): void;
  heal(cluster: string): void;
  close(): Promise<void>;
}

export async function startOutages(clusters: readonly TestCluster[]): Promise<Outages> {
  const proxies = new Map<string, FaultProxy>();
  for (const cluster of clusters) proxies.set(cluster.name, await startTcpFaultProxy({ target: apiServerOf(cluster) }));
  const proxyOf = (name: string): FaultProxy => {
    const proxy = proxies.get(name);
    if (proxy === undefined) throw new Error(`There is no proxy before ${name}`);
    return proxy;
  };
  const all = [...proxies.values()];
  const resetAll = (): void => all.forEach((proxy) => proxy.resetAll());
  return {
    kubeconfigsOf: (cluster) => throughProxy(cluster, proxyOf(cluster.name)),
    outage: async () => {
      for (const proxy of all) proxy.mode = 'refuse';
      resetAll();
      await sleep(AWAY_MS);
      for (const proxy of all) proxy.mode = 'pass';
    },
    resetAll,
    partition: (name) => {
      proxyOf(name).mode = 'partition';
    },
    heal: (name) => {
      proxyOf(name).mode = 'pass';
    },
    close: async () => void (await Promise.all(all.map((proxy) => proxy.close()))),
  };
}

export function resetsOf(outages: Outages, everyMs: Fault['everyMs']): Fault {
  return { kind: 'reset of all connections', everyMs, strike: async () => outages.resetAll() };
}

function throughProxy(cluster: TestCluster, proxy: FaultProxy): ServiceKubeconfigs {
  const server = serverOf(cluster);
  const through = (text: string): string => text.replace(server, proxy.through(server));
  const { dispatcher, watcher } = ownKubeconfigs(cluster);
  return { dispatcher: through(dispatcher), watcher: through(watcher) };
}

function apiServerOf(cluster: TestCluster): { host: string; port: number } {
  const { hostname, port } = new URL(serverOf(cluster));
  return { host: hostname, port: Number(port) };
}

function serverOf({ dispatcherKubeconfig }: TestCluster): string {
  const server = /server: (\S+)/.exec(readFileSync(dispatcherKubeconfig, 'utf8'))?.[1];
  if (server === undefined) throw new Error(`${dispatcherKubeconfig} names no server`);
  return server;
}
