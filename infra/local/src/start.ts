import { once } from 'node:events';

import { createClient, type CclusterClient } from '@ccluster/client';

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
  const status = await untilAborted(context.signal, useServices(context, environment, client, address));
  if (!endsAfterSample) await once(context.signal, 'abort');
  return { exitCode: status === 'SUCCEEDED' ? 0 : 1 };
}

/** Registers the clusters, runs the sample job and says how to go on; gives the sample job's last status. */
async function useServices(
  context: LocalContext,
  environment: Environment,
  client: CclusterClient,
  address: ApiAddress,
): Promise<string> {
  const { progress } = context;
  const clusters = await progress.run('register clusters', () => registerClusters(context, environment, client));
  const connectionFile = writeConnectionFile(context, environment, address, clusters);
  const status = await runSampleJob(context, environment, client);
  welcomeLines(address, environment.image, connectionFile).forEach(progress.say);
  return status;
}

function registerClusters(
  context: LocalContext,
  { clusters }: Environment,
  client: CclusterClient,
): Promise<RegisteredCluster[]> {
  return allOrFirstFailure(
    clusters.map(async (cluster) => registerCluster(client, await grantAccess(context, cluster), context.signal)),
  );
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
