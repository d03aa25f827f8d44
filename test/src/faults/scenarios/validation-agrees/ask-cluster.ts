import { setTimeout as sleep } from 'node:timers/promises';

import { ApiException, BatchV1Api, CoreV1Api, KubeConfig, type V1Job, type V1Secret } from '@kubernetes/client-node';
import type { TestCluster } from '@ccluster/testkit';

const ATTEMPTS = 5;
const RETRY_MS = 500;
/** The API server, or what is before it, has no opinion on the object. */
const NO_OPINION = new Set([429, 500, 502, 503, 504]);

/** Asks a cluster's API server whether it would take an object, with the dispatcher's own rights; it stores nothing. */
export interface ClusterOpinion {
  /** @returns why not; undefined where it would */
  ofJob(body: V1Job): Promise<string | undefined>;
  ofSecret(body: V1Secret): Promise<string | undefined>;
}

export function askCluster({ dispatcherKubeconfig }: TestCluster): ClusterOpinion {
  const config = new KubeConfig();
  config.loadFromFile(dispatcherKubeconfig);
  const [batch, core] = [config.makeApiClient(BatchV1Api), config.makeApiClient(CoreV1Api)];
  const options = { dryRun: 'All', fieldValidation: 'Strict' } as const;
  const namespaceOf = ({ metadata }: V1Job | V1Secret) => metadata?.namespace ?? '';
  return {
    ofJob: (body) => refusalOf(() => batch.createNamespacedJob({ namespace: namespaceOf(body), body, ...options })),
    ofSecret: (body) =>
      refusalOf(() => core.createNamespacedSecret({ namespace: namespaceOf(body), body, ...options })),
  };
}

async function refusalOf(create: () => Promise<unknown>): Promise<string | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await create();
      return undefined;
    } catch (error) {
      const hasOpinion = error instanceof ApiException && !NO_OPINION.has(error.code);
      if (hasOpinion) return messageOf(error);
      if (attempt === ATTEMPTS) throw error;
      await sleep(RETRY_MS * attempt);
    }
  }
}

function messageOf({ code, body }: ApiException<unknown>): string {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const message = /"message":"((?:[^"\\]|\\.)*)"/.exec(text)?.[1] ?? text;
  return `${code}: ${message.slice(0, 600)}`;
}
