import { join } from 'node:path';

import type { ClusterProcesses } from '../clusters/cluster.js';
import type { Component } from '../support/component.js';
import type { NativeClusterCredentials } from './cluster-credentials.js';
import type { ClusterPlan } from './cluster-plan.js';
import { auditLog } from './control-plane-arguments.js';
import type { ControlPlane } from './control-plane.js';
import { etcdDataFaults } from './etcd-faults.js';

/** What faults, and those who look at a cluster from this machine, need of its processes. */
export function clusterProcesses(
  plan: ClusterPlan,
  { etcd, apiServer, controllerManager, scheduler }: ControlPlane,
  kubelet: Component,
  { kubeconfigs }: NativeClusterCredentials,
): ClusterProcesses {
  const clients = [controllerManager, scheduler, kubelet];
  const preparations: (() => Promise<void>)[] = [];
  return {
    auditLog: auditLog(plan),
    hostAddress: plan.nodeAddress,
    faults: {
      etcd: { ...etcd, ...etcdDataFaults(plan.dir, { etcd, apiServer, clients, preparations }) },
      'api-server': { ...apiServer },
      'controller-manager': { ...controllerManager },
      scheduler: { ...scheduler },
      kubelet: { ...kubelet },
    },
    simulator: { dir: join(plan.dir, 'simulator'), kubeconfigPath: kubeconfigs.simulator },
    addClient: (client) => void clients.push(client),
    onNewData: (prepare) => void preparations.push(prepare),
  };
}
