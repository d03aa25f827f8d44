import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';

import { describeFailure } from '../support/describe-failure.js';
import type { LocalContext } from '../support/context.js';
import type { FaultTargets } from '../support/faults.js';

/**
 * Lets tests in other processes ask for `POST <url>/<target>/<fault>`, such as `/local-east/etcd/pause`. Answers 204 when
 * it is done, 500 with the reason when it failed, 404 where there is no such thing. Gives the URL.
 */
export async function startFaultServer(context: LocalContext, targets: FaultTargets): Promise<string> {
  const server = createServer((request, response) => {
    const fault = request.method === 'POST' ? findFault(targets, request.url ?? '') : undefined;
    if (fault === undefined) answer(response, 404, 'no such fault');
    else
      void fault().then(
        () => answer(response, 204, ''),
        (error: unknown) => answer(response, 500, describeFailure(error)),
      );
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  context.onStop('fault server', async () => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the fault server has no port');
  return `http://127.0.0.1:${address.port}`;
}

/** @param path `/<target>/<fault>`; a target may hold a slash */
function findFault(targets: FaultTargets, path: string): (() => Promise<void>) | undefined {
  const end = path.lastIndexOf('/');
  const faults = ownValue(targets, path.slice(1, end));
  return faults && ownValue(faults, path.slice(end + 1));
}

function ownValue<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

function answer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain' }).end(text);
}
