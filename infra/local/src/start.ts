import { once } from 'node:events';

import { createClient, type CclusterClient } from '@ccluster/client';

import type { EnvironmentCluster } from './clusters/cluster.js';
import { grantAccess } from './clusters/grant-access.js';
import { startEnvironment, type Environment } from './environment.js';
import type { Outcome } from './outcome.js';
import { writeConnectionFile, type ApiAddress } from './start/connection.js';
import { createOperatorKey } from './start/create-operator-key.js';
import { printJobLive } from './start/print-job.js';
import { printTasks } from './start/print-tasks.js';
import { welcomeLines } from './start/print-welcome.js';
import { registerCluster, type RegisteredCluster } from './start/register-cluster.js';
import { runServices, serviceEnv } from './start/run-services.js';
import { submitSampleJob } from './start/sample-job.js';
import { allOrFirstFailure } from './support/all-or-first-failure.js';
import type { LocalContext } from './support/context.js';
import { untilAborted } from './support/until-aborted.js';

/** `npm start`: the environment, the services and a sample job; stays up unless it is to end after the sample. */
export async function start(
  context: LocalContext,
  { endsAfterSample }: { endsAfterSample: boolean },
): Promise<Outcome> {
  const environment = await startEnvironment(context);
  const env = serviceEnv(context, environment);
  const api = await context.progress.run('api, dispatcher and watcher', () => runServices(context, env));
  const apiKey = await createOperatorKey(context, env);
  const address = { graphqlUrl: `${api}/graphql`, subscriptionsUrl: `${api.replace('http', 'ws')}/graphql`, apiKey };
  const client = createClient({ url: address.graphqlUrl, apiKey });
  context.onStop('GraphQL client', () => client.close());
  const connectionFile = await untilAborted(context.signal, registerClusters(context, environment, client, address));
  const status = await untilAborted(context.signal, runSampleJob(context, environment, client));
  if (endsAfterSample) return { exitCode: status === 'SUCCEEDED' ? 0 : 1 };
  welcomeLines(address, environment.image, connectionFile).forEach(context.progress.say);
  await once(context.signal, 'abort');
  return { exitCode: 0 };
}

/** Registers the clusters and writes the file for tools; gives its path. */
async function registerClusters(
  context: LocalContext,
  environment: Environment,
  client: CclusterClient,
  address: ApiAddress,
): Promise<string> {
  const register = async (cluster: EnvironmentCluster): Promise<RegisteredCluster> =>
    registerCluster(client, await grantAccess(context, cluster), context.signal);
  const clusters = await context.progress.run('register clusters', () =>
    allOrFirstFailure(environment.clusters.map(register)),
  );
  return writeConnectionFile(context, environment, address, clusters);
}

/** Gives the status that the sample job ended with. */
async function runSampleJob(
  { progress: { say } }: LocalContext,
  { image }: Environment,
  client: CclusterClient,
): Promise<string> {
  const { id, name } = await submitSampleJob(client, image, new Date());
  say(`\nsubmitted ${name} (${id}): 4 tasks, 2 at a time; task 1 fails on its first attempt`);
  await printJobLive(client, id, say);
  await printTasks(client, id, say);
  const { status, reason } = await client.waitForEnd(id);
  say(
    `the sample job ${status}${reason === null || reason === undefined ? '' : `: ${reason.message} (${reason.code})`}`,
  );
  return status;
}
