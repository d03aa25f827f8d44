import { readFileSync } from 'node:fs';

import { startTraceReceiver, type TraceReceiver } from '@ccluster/testkit';

import { findCanaries } from '../checker/canaries/find-canaries.js';
import { startProduct, type Product } from '../lab/product.js';
import type { Scenario, ScenarioResult, ScenarioRun } from '../scenario.js';
import { openCaller, type Caller } from './canary-secrets/caller.js';
import { createCanaries, type Canaries } from './canary-secrets/canaries.js';
import { readClusterTexts } from './canary-secrets/cluster-texts.js';
import { liveJobs } from './canary-secrets/job-lives.js';
import { overhearRedis, type OverheardRedis } from './canary-secrets/overheard-redis.js';
import { sendRefusedRequests } from './canary-secrets/refused-requests.js';
import { startSecretEcho, type SecretEcho } from './canary-secrets/secret-echo.js';

const FULL_ROUNDS = 5;
const NAMESPACE = 'ccluster-jobs';

export const canarySecrets: Scenario = {
  name: 'canary-secrets',
  promise: 'A secret is nowhere but as ciphertext in PostgreSQL and in the Secret in its cluster (I6)',
  target: '0 planted secrets in Redis, PostgreSQL, logs, answers, events and clusters, however a job fares',
  run: async (run) => {
    const traces = await startTraceReceiver();
    const product = await startProduct(run.environment, {
      label: 'canaries',
      processes: { api: 1, dispatcher: 1, watcher: 1 },
      settings: {
        // All that they would ever write.
        LOG_LEVEL: 'trace',
        REASONS: JSON.stringify({ default: { 'image-pull-refused': { failsAfterSeconds: 5 } } }),
        UNREACHABLE_GRACE_SECONDS: '5',
        OTEL_EXPORTER_OTLP_ENDPOINT: traces.url,
      },
    });
    const redis = await overhearRedis(run.environment.redisUrl, product.env.REDIS_PREFIX);
    try {
      return await plantAll(run, product, { redis, traces });
    } finally {
      redis.stop();
      await product.stop();
      await traces.stop();
    }
  },
};

/** What is overheard of what the services send elsewhere. */
interface Overheard {
  readonly redis: OverheardRedis;
  readonly traces: TraceReceiver;
}

async function plantAll(run: ScenarioRun, product: Product, overheard: Overheard): Promise<ScenarioResult> {
  const [api] = product.services.api;
  const [client] = product.clients;
  const [cluster] = run.environment.clusters;
  if (api === undefined || client === undefined || cluster === undefined) throw new Error('Something is missing');
  const caller = openCaller(api.address, product.apiKey);
  const canaries = createCanaries();
  plantOwn(canaries, product);
  const echo = await startSecretEcho(client, cluster);
  try {
    let [jobs, refused] = [0, 0];
    for (let round = 1; round <= (run.isShort ? 1 : FULL_ROUNDS); round += 1) {
      run.signal.throwIfAborted();
      refused += await sendRefusedRequests(caller, canaries, cluster);
      jobs += await liveJobs({ product, caller, canaries, echo });
      run.say(`${jobs} jobs have lived, ${refused} requests were refused`);
    }
    return await search(product, caller, overheard, canaries, echo, { jobs, refused });
  } finally {
    await echo.stop();
  }
}

/** What the services were given, and what the clusters' own accounts are known by. */
function plantOwn(canaries: Canaries, { environment, apiKey }: Product): void {
  canaries.add('the API key', apiKey);
  for (const { name, kubeconfig, dispatcherKubeconfig, watcherKubeconfig } of environment.clusters) {
    for (const path of [kubeconfig, dispatcherKubeconfig, watcherKubeconfig]) {
      const text = readFileSync(path, 'utf8');
      for (const [, field = '', value = ''] of text.matchAll(/(token|client-key-data): "?([\w.+/=-]{40,})/g)) {
        canaries.add(`${field} of ${name}`, value);
        // A key is stored as it is, without the base64 of the file.
        if (field !== 'token') canaries.add(`key of ${name}`, Buffer.from(value, 'base64').toString('utf8'));
      }
    }
  }
}

async function search(
  { env, environment, services }: Product,
  { told }: Caller,
  { redis, traces }: Overheard,
  canaries: Canaries,
  echo: SecretEcho,
  { jobs, refused }: { readonly jobs: number; readonly refused: number },
): Promise<ScenarioResult> {
  const inClusters = new Map<string, string>();
  for (const cluster of environment.clusters) {
    for (const namespace of [NAMESPACE, ...(cluster === environment.clusters[0] ? [echo.namespace] : [])])
      for (const [name, text] of await readClusterTexts(cluster, namespace)) inClusters.set(name, text);
  }
  const files = Object.values(services).flatMap((processes) => processes.map(({ logFile }) => logFile));
  const planted = canaries.all();
  const violations = await findCanaries(planted, {
    files,
    databaseUrl: env.DATABASE_URL,
    redis: { url: environment.redisUrl, prefix: env.REDIS_PREFIX },
    texts: new Map([
      ...told,
      ...inClusters,
      ['commands to Redis', redis.text()],
      ['traces', JSON.stringify(traces.requests)],
    ]),
  });
  return {
    operations: jobs + refused,
    faults: { 'requests that are refused': refused },
    violations,
    figures: {
      'secrets planted': String(Object.keys(planted).length),
      'secrets found where none may be': String(violations.length),
      jobs: String(jobs),
      'answers and conversations searched': String(told.size),
      'commands to Redis searched': String(redis.commands()),
      'spans searched': String(traces.spans.length),
      'bytes of logs searched': String(files.reduce((sum, file) => sum + readFileSync(file).length, 0)),
    },
    missed: [
      ...(environment.privateImage === null ? ['no registry that refuses a password'] : []),
      ...(traces.spans.length > 0 ? [] : ['no span came: what is traced was not searched']),
    ],
  };
}
