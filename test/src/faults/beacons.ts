import { once } from 'node:events';
import { createServer } from 'node:http';

import type { Beacon } from './history-entry.js';
import type { History } from './history.js';

const TIMEOUT_SECONDS = 2;

/** Where pods say that their container has started. */
export interface Beacons {
  /** For `beaconScript`. */
  readonly url: string;
  beacons(): readonly Beacon[];
  close(): Promise<void>;
}

/**
 * @param hostAddress of this machine, under which pods reach it
 * @param history each is written there too, as it comes
 */
export async function startBeacons(hostAddress: string, history?: History): Promise<Beacons> {
  const received: Beacon[] = [];
  const server = createServer((request, response) => {
    const beacon = parseBeacon(request.url ?? '', request.socket.remoteAddress ?? '');
    if (beacon !== undefined) {
      received.push(beacon);
      history?.record({ op: 'BEACON', ...beacon });
    }
    response.writeHead(beacon === undefined ? 400 : 204).end();
  });
  await once(server.listen(0, hostAddress), 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return {
    url: `http://${hostAddress}:${address.port}/started`,
    beacons: () => received,
    close: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

/**
 * What a pod runs first, in /bin/sh of busybox. It writes nothing, and goes on after two seconds where nobody listens.
 * @param jobToken letters and digits; one a job
 */
export function beaconScript(url: string, jobToken: string): string {
  const query = `token=${jobToken}&index=$JOB_COMPLETION_INDEX&completions=$JOB_COMPLETIONS&hostname=$(hostname)`;
  return `wget -q -T ${TIMEOUT_SECONDS} -O /dev/null "${url}?${query}" 2>/dev/null || :`;
}

function parseBeacon(requested: string, address: string): Beacon | undefined {
  const { searchParams } = new URL(requested, 'http://beacons');
  const [jobToken, index, completions, hostname] = ['token', 'index', 'completions', 'hostname'].map((name) =>
    searchParams.get(name),
  );
  if (jobToken == null || index == null || completions == null || hostname == null) return undefined;
  return { jobToken, index: Number(index), completions: Number(completions), hostname, address };
}
