import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

import { startTcpFaultProxy, type FaultProxy, type TestCluster } from '@ccluster/testkit';

import { ownKubeconfigs, type ServiceKubeconfigs } from '../../support/register-clusters.js';

const AWAY_MS = 700;
const BETWEEN_MS = 1_500;

/** A proxy before each API server, so that clusters can be away for a moment now and then. */
export interface Outages {
  /** Kubeconfigs that lead through the proxy. */
  readonly kubeconfigsOf: (cluster: TestCluster) => ServiceKubeconfigs;
  /** Set it at any time: clusters are to be away now and then. */
  wanted: boolean;
  readonly count: number;
  close(): Promise<void>;
}

export async function startOutages(clusters: readonly TestCluster[]): Promise<Outages> {
  const proxies = new Map<string, FaultProxy>();
  for (const cluster of clusters) proxies.set(cluster.name, await startTcpFaultProxy({ target: apiServerOf(cluster) }));
  return new RepeatedOutages(proxies);
}

class RepeatedOutages implements Outages {
  wanted = false;
  count = 0;
  readonly #proxies: ReadonlyMap<string, FaultProxy>;
  readonly #looping: Promise<void>;
  #isClosed = false;

  constructor(proxies: ReadonlyMap<string, FaultProxy>) {
    this.#proxies = proxies;
    this.#looping = this.#loop();
  }

  kubeconfigsOf = (cluster: TestCluster): ServiceKubeconfigs => {
    const proxy = this.#proxies.get(cluster.name);
    if (proxy === undefined) throw new Error(`There is no proxy before ${cluster.name}`);
    const { host, port } = apiServerOf(cluster);
    const through = (text: string): string => text.replace(`https://${host}:${port}`, `https://${host}:${proxy.port}`);
    const { dispatcher, watcher } = ownKubeconfigs(cluster);
    return { dispatcher: through(dispatcher), watcher: through(watcher) };
  };

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#looping;
    await Promise.all([...this.#proxies.values()].map((proxy) => proxy.close()));
  }

  async #loop(): Promise<void> {
    while (!this.#isClosed) {
      if (this.wanted) await this.#outage();
      await sleep(BETWEEN_MS);
    }
  }

  async #outage(): Promise<void> {
    this.count += 1;
    for (const proxy of this.#proxies.values()) {
      proxy.mode = 'refuse';
      proxy.resetAll();
    }
    await sleep(AWAY_MS);
    for (const proxy of this.#proxies.values()) proxy.mode = 'pass';
  }
}

function apiServerOf({ dispatcherKubeconfig }: TestCluster): { host: string; port: number } {
  const server = /server: (\S+)/.exec(readFileSync(dispatcherKubeconfig, 'utf8'))?.[1];
  if (server === undefined) throw new Error(`${dispatcherKubeconfig} names no server`);
  const { hostname, port } = new URL(server);
  return { host: hostname, port: Number(port) };
}
