import { once } from 'node:events';
import { createServer } from 'node:http';

import type { Beacon } from './history-entry.js';
import type { History } from './history.js';

const TIMEOUT_SECONDS = 2;

/** Where pods say that their container has started. */
export interface Beacons {
  /**
   * What a pod runs first, in /bin/sh of busybox. It writes nothing, and goes on after a few seconds where nobody
   * listens. (The static wget of busybox cannot be used: it dies of the resolver that it lacks.)
   * @param jobToken letters and digits; one a job
   */
  script(jobToken: string): string;
  beacons(): readonly Beacon[];
  close(): Promise<void>;
}

/** A cluster, and this machine's address under which its pods, and no others, reach it. */
export interface BeaconPlace {
  readonly name: string;
  readonly hostAddress: string | null;
}

/** @param history each is written there too, as it comes */
export async function startBeacons(clusters: readonly BeaconPlace[], history?: History): Promise<Beacons> {
  const received: Beacon[] = [];
  const collectors = await Promise.all(
    clusters.map(({ name, hostAddress }) => {
      if (hostAddress === null) throw new Error(`Pods of ${name} reach no address of this machine`);
      return startCollector(hostAddress, (said) => {
        const beacon = { ...said, cluster: name };
        received.push(beacon);
        history?.record({ op: 'BEACON', ...beacon });
      });
    }),
  );
  return {
    script: (jobToken) => beaconScript(collectors, jobToken),
    beacons: () => received,
    close: async () => void (await Promise.all(collectors.map((collector) => collector.close()))),
  };
}

interface Collector {
  readonly host: string;
  readonly port: number;
  close(): Promise<void>;
}

async function startCollector(host: string, onBeacon: (said: Omit<Beacon, 'cluster'>) => void): Promise<Collector> {
  const server = createServer((request, response) => {
    const said = parseBeacon(request.url ?? '');
    if (said !== undefined) onBeacon(said);
    response.writeHead(said === undefined ? 400 : 204, { connection: 'close' }).end();
  });
  await once(server.listen(0, host), 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return {
    host,
    port: address.port,
    close: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

/** A pod has a route to the address of its own cluster alone. */
function beaconScript(collectors: readonly Collector[], jobToken: string): string {
  const query = `token=${jobToken}&index=$JOB_COMPLETION_INDEX&completions=$JOB_COMPLETIONS&hostname=$(hostname)`;
  const request = `printf 'GET /?%s HTTP/1.0\\r\\n\\r\\n' "${query}"`;
  const attempts = collectors.map(
    ({ host, port }) => `${request} | timeout ${TIMEOUT_SECONDS} nc -w ${TIMEOUT_SECONDS} ${host} ${port}`,
  );
  return `{ ${attempts.join(' || ')} || :; } >/dev/null 2>&1`;
}

function parseBeacon(requested: string): Omit<Beacon, 'cluster'> | undefined {
  const { searchParams } = new URL(requested, 'http://beacons');
  const [jobToken, index, completions, hostname] = ['token', 'index', 'completions', 'hostname'].map((name) =>
    searchParams.get(name),
  );
  if (jobToken == null || index == null || completions == null || hostname == null) return undefined;
  return { jobToken, index: Number(index), completions: Number(completions), hostname };
}
