import { readFileSync } from 'node:fs';

import { z } from 'zod';

import type { AccessibleCluster } from '../clusters/grant-access.js';
import { proposeInstanceTypes } from '../clusters/propose-instance-types.js';
import { readNodes } from '../clusters/read-nodes.js';
import type { GraphqlClient } from './graphql-client.js';

const REGISTER_CLUSTER = `mutation ($input: RegisterClusterInput!) { registerCluster(input: $input) { id } }`;
const CREATE_INSTANCE_TYPE = `mutation ($input: CreateInstanceTypeInput!) { createInstanceType(input: $input) { id } }`;

const registeredSchema = z.object({ registerCluster: z.object({ id: z.string() }) });
const createdSchema = z.object({ createInstanceType: z.object({ id: z.string() }) });

export interface RegisteredCluster extends AccessibleCluster {
  id: string;
}

/** Registers a cluster with its services' credentials and an instance type for each proposal that its nodes give. */
export async function registerCluster(
  client: GraphqlClient,
  cluster: AccessibleCluster,
  signal: AbortSignal,
): Promise<RegisteredCluster> {
  const input = {
    name: cluster.name,
    displayName: cluster.name,
    region: cluster.region,
    managed: true,
    namespace: cluster.namespace,
    credentials: { kubeconfig: readFileSync(cluster.dispatcherKubeconfigPath, 'utf8') },
    readerCredentials: { kubeconfig: readFileSync(cluster.watcherKubeconfigPath, 'utf8') },
  };
  const { id } = (await client.request(REGISTER_CLUSTER, { input }, registeredSchema)).registerCluster;
  for (const proposal of proposeInstanceTypes(await readNodes(cluster.kubeconfigPath, signal))) {
    await client.request(CREATE_INSTANCE_TYPE, { input: { clusterId: id, ...proposal } }, createdSchema);
  }
  return { ...cluster, id };
}
