import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';

import type { EnvironmentCluster } from '../clusters/cluster.js';
import { describeFailure } from '../support/describe-failure.js';
import type { LocalContext } from '../support/context.js';

/** Lets tests in other processes ask for `POST <url>/<cluster>/restart-api-server`; answers when it is ready again. */
export async function startFaultServer(
  context: LocalContext,
  clusters: readonly EnvironmentCluster[],
): Promise<string> {
  const server = createServer((request, response) => {
    const restart = clusters.find(({ name }) => request.url === `/${name}/restart-api-server`)?.restartApiServer;
    if (request.method !== 'POST' || restart === undefined) answer(response, 404, 'no such fault');
    else
      void restart().then(
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

function answer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain' }).end(text);
}
