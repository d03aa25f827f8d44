import { once } from 'node:events';

import { grantAccess } from './clusters/grant-access.js';
import { startEnvironment, type Environment } from './environment.js';
import type { Outcome } from './outcome.js';
import { writeConnectionFile } from './start/connection-file.js';
import { createOperatorKey } from './start/create-operator-key.js';
import { createGraphqlClient, type GraphqlClient } from './start/graphql-client.js';
import { printJobLive } from './start/print-job.js';
import { printTasks } from './start/print-tasks.js';
import { welcomeLines } from './start/print-welcome.js';
import { registerCluster, type RegisteredCluster } from './start/register-clusters.js';
import { runServices, serviceEnv } from './start/run-services.js';
import { submitSampleJob } from './start/sample-job.js';
import { allOrFirstFailure } from './support/all-or-first-failure.js';
import type { LocalContext } from './support/context.js';

/** `npm start`: the environment, the services and a sample job; stays up unless `once`. */
export async function start(context: LocalContext, { once: endsAfterSample }: { once: boolean }): Promise<Outcome> {
  const { progress } = context;
  const environment = await startEnvironment(context);
  const env = serviceEnv(context, environment);
  const api = await progress.run('api, dispatcher and watcher', () => runServices(context, env));
  const apiKey = await createOperatorKey(context, env);
  const address = { graphqlUrl: `${api}/graphql`, subscriptionsUrl: `${api.replace('http', 'ws')}/graphql`, apiKey };
  const client = createGraphqlClient(address, context.signal);
  context.onStop('GraphQL client', client.close);
  const clusters = await progress.run('register clusters', () => registerClusters(context, environment, client));
  const connectionFile = writeConnectionFile(context, environment, address, clusters);
  const status = await runSampleJob(context, environment, client);
  if (endsAfterSample) return { exitCode: status === 'SUCCEEDED' ? 0 : 1 };
  welcomeLines(address, environment.image, connectionFile).forEach(progress.say);
  await once(context.signal, 'abort');
  return { exitCode: 0 };
}

async function registerClusters(
  context: LocalContext,
  { clusters }: Environment,
  client: GraphqlClient,
): Promise<RegisteredCluster[]> {
  const register = async (cluster: Environment['clusters'][number]): Promise<RegisteredCluster> =>
    registerCluster(client, await grantAccess(context, cluster), context.signal);
  return allOrFirstFailure(clusters.map(register));
}

async function runSampleJob(context: LocalContext, { image }: Environment, client: GraphqlClient): Promise<string> {
  const { id, name } = await submitSampleJob(client, image, new Date());
  context.progress.say(`\nsubmitted ${name} (${id}): 4 tasks, 2 at a time; task 1 fails once`);
  await printJobLive(client, id, context.progress.say);
  return printTasks(client, id, (line) => context.progress.say(line));
}
