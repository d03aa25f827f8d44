import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type FaultProxy, readTestEnvironment, startTcpFaultProxy } from '@ccluster/testkit';
import { parseKubeconfig } from '../access/kubeconfig.js';
import { type ClusterConnection, connectCluster } from '../connection/connection.js';
import { anywhere } from './fake-api-server.js';

/** A namespace of the test's own in a real cluster, and two ways there. */
export interface RealCluster {
  readonly namespace: string;
  readonly admin: ClusterConnection;
  readonly proxy: FaultProxy;
  /** Through the proxy, which breaks. */
  readonly connection: ClusterConnection;
  close(): Promise<void>;
}

export async function openRealCluster(): Promise<RealCluster> {
  const namespace = `ccluster-kubernetes-${randomBytes(4).toString('hex')}`;
  const [cluster] = readTestEnvironment().clusters;
  const credentials = parseKubeconfig(readFileSync(cluster?.kubeconfig ?? '', 'utf8'));
  const admin = connectCluster(credentials, { addresses: anywhere, requestTimeoutMs: 20_000 });
  await admin.core.createNamespace({ body: { metadata: { name: namespace } } });
  const { hostname, port } = new URL(credentials.server);
  const proxy = await startTcpFaultProxy({ target: { host: hostname, port: Number(port || '443') } });
  const server = `https://${proxy.host}:${proxy.port}`;
  const tlsServerName = hostname === proxy.host ? undefined : hostname;
  const connection = connectCluster(
    { ...credentials, server, tlsServerName },
    { addresses: anywhere, requestTimeoutMs: 5_000 },
  );
  return {
    namespace,
    admin,
    proxy,
    connection,
    close: async () => {
      await connection.close();
      await proxy.close();
      await admin.core.deleteNamespace({ name: namespace });
      await admin.close();
    },
  };
}
