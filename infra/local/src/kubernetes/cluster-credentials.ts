import { join } from 'node:path';

import { SIMULATOR_USER } from './audit-policy.js';
import { createCertificateAuthority, type KeyPairFiles } from './certificates.js';
import type { ClusterPlan } from './cluster-plan.js';
import { writeKubeconfig } from './kubeconfig-file.js';

export interface NativeClusterCredentials {
  readonly server: string;
  readonly caFile: string;
  readonly apiServer: KeyPairFiles;
  /** The API server's own client certificate, for the kubelet. */
  readonly kubeletClient: KeyPairFiles;
  readonly kubeletServer: KeyPairFiles;
  /** Signs service account tokens. */
  readonly serviceAccounts: KeyPairFiles;
  readonly kubeconfigs: Readonly<Record<'admin' | 'controllerManager' | 'scheduler' | 'kubelet' | 'simulator', string>>;
}

/** A cluster's certificates and kubeconfigs, new at each start: they take a few milliseconds. */
export async function createClusterCredentials(plan: ClusterPlan): Promise<NativeClusterCredentials> {
  const dir = join(plan.dir, 'certificates');
  const server = `https://127.0.0.1:${plan.ports.apiServer}`;
  const authority = await createCertificateAuthority(dir, `ccluster ${plan.name}`);
  const kubeconfig = async (name: string, commonName: string, organization?: string): Promise<string> => {
    const client = await authority.issue(name, { commonName, ...(organization === undefined ? {} : { organization }) });
    const path = join(plan.dir, `${name}.kubeconfig`);
    writeKubeconfig(path, plan.name, server, authority.certificate, client);
    return path;
  };
  return {
    server,
    caFile: authority.certificate,
    apiServer: await authority.issue('api-server', {
      commonName: 'kube-apiserver',
      hosts: ['127.0.0.1', plan.nodeAddress, 'localhost', 'kubernetes', 'kubernetes.default.svc'],
    }),
    kubeletClient: await authority.issue('kubelet-client', {
      commonName: 'kube-apiserver',
      organization: 'system:masters',
    }),
    kubeletServer: await authority.issue('kubelet-server', {
      commonName: plan.nodeName,
      hosts: [plan.nodeAddress, plan.nodeName],
    }),
    serviceAccounts: await authority.issue('service-accounts', { commonName: 'service-accounts' }),
    kubeconfigs: {
      admin: await kubeconfig('admin', 'admin', 'system:masters'),
      controllerManager: await kubeconfig('controller-manager', 'system:kube-controller-manager'),
      scheduler: await kubeconfig('scheduler', 'system:kube-scheduler'),
      kubelet: await kubeconfig('kubelet', `system:node:${plan.nodeName}`, 'system:nodes'),
      simulator: await kubeconfig('simulator', SIMULATOR_USER, 'system:masters'),
    },
  };
}
