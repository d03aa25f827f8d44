import type { IncomingMessage } from 'node:http';
import { request, type RequestOptions } from 'node:https';
import { text } from 'node:stream/consumers';

import type { KubeConfig } from '@kubernetes/client-node';

import type { Manifest } from './manifests.js';

/** Where objects of a kind are created. */
const COLLECTIONS: Readonly<Record<string, string>> = {
  Namespace: '/api/v1/namespaces',
  ServiceAccount: '/api/v1/namespaces/{namespace}/serviceaccounts',
  ConfigMap: '/api/v1/namespaces/{namespace}/configmaps',
  Secret: '/api/v1/namespaces/{namespace}/secrets',
  Service: '/api/v1/namespaces/{namespace}/services',
  Pod: '/api/v1/namespaces/{namespace}/pods',
  Deployment: '/apis/apps/v1/namespaces/{namespace}/deployments',
  PodDisruptionBudget: '/apis/policy/v1/namespaces/{namespace}/poddisruptionbudgets',
  NetworkPolicy: '/apis/networking.k8s.io/v1/namespaces/{namespace}/networkpolicies',
};

export interface DryRunAnswer {
  readonly status: number;
  /** Of Pod Security, of deprecated versions, and so on. */
  readonly warnings: string[];
  readonly message: string;
}

/** What the API server says to the creation of an object, with every field checked; nothing is created. */
export async function dryRun(config: KubeConfig, manifest: Manifest, namespace: string): Promise<DryRunAnswer> {
  const collection = COLLECTIONS[manifest.kind];
  if (collection === undefined) throw new Error(`Where are objects of kind ${manifest.kind} created?`);
  const path = `${collection.replace('{namespace}', namespace)}?dryRun=All&fieldValidation=Strict`;
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  const url = new URL(path, config.getCurrentCluster()?.server);
  const headers = {
    ...(options.headers as Record<string, string> | undefined),
    'content-type': 'application/json',
    accept: 'application/json',
    connection: 'close',
  };
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const sent = request(url, { ...options, method: 'POST', headers, timeout: 30_000 }, resolve);
    sent.on('timeout', () => sent.destroy(new Error('No answer of the API server')));
    sent.on('error', reject);
    sent.end(JSON.stringify(manifest));
  });
  const { message = '' } = JSON.parse(await text(response)) as { message?: string };
  const warning = response.headers['warning'] ?? [];
  return { status: response.statusCode ?? 0, warnings: [warning].flat(), message };
}
