import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';

import {
  CreateInstanceTypeDocument,
  RegisterClusterDocument,
  type CclusterClient,
  type CreateInstanceTypeInput,
} from '@ccluster/client';
import { CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import type { TestEnvironment } from '@ccluster/testkit';

type TestCluster = TestEnvironment['clusters'][number];

/** A namespace of the test's own, registered as a cluster of its own with one instance type. */
export interface OwnNamespace {
  readonly name: string;
  readonly clusterId: string;
  readonly core: CoreV1Api;
  /** With all that is in it. */
  delete(): Promise<void>;
}

/**
 * @param labels of the namespace: its Pod Security level
 * @param managed false: a private cluster of the client's organization
 */
export async function registerOwnNamespace(
  client: CclusterClient,
  cluster: TestCluster,
  labels: Record<string, string> = {},
  instanceType: Partial<CreateInstanceTypeInput> = {},
  managed = true,
): Promise<OwnNamespace> {
  const config = new KubeConfig();
  config.loadFromFile(cluster.kubeconfig);
  const core = config.makeApiClient(CoreV1Api);
  const name = `t-${randomBytes(6).toString('hex')}`;
  await core.createNamespace({ body: { metadata: { name, labels } } });
  const credentials = { kubeconfig: readFileSync(cluster.kubeconfig, 'utf8') };
  const { registerCluster } = await client.transport.request(RegisterClusterDocument, {
    input: {
      name,
      region: cluster.region,
      managed,
      namespace: name,
      credentials,
      readerCredentials: credentials,
    },
  });
  const clusterId = registerCluster.id;
  const small = { name: 'small', gpuCount: 0, cpuMillicores: 20, memoryMiB: 64, pricePerHourCents: 1 };
  const input = { ...small, ...instanceType, clusterId } as CreateInstanceTypeInput;
  await client.transport.request(CreateInstanceTypeDocument, { input });
  return { name, clusterId, core, delete: async () => void (await core.deleteNamespace({ name })) };
}
