import { findFreePort } from '../support/free-port.js';
import type { ClusterPlan } from './cluster-plan.js';

/** The plan with another port wherever something else listens on the preferred one. */
export async function withFreePorts(plan: ClusterPlan): Promise<ClusterPlan> {
  const { ports } = plan;
  return {
    ...plan,
    ports: {
      etcd: await findFreePort(ports.etcd),
      etcdPeer: await findFreePort(ports.etcdPeer),
      apiServer: await findFreePort(ports.apiServer),
      controllerManager: await findFreePort(ports.controllerManager),
      scheduler: await findFreePort(ports.scheduler),
      kubeletHealth: await findFreePort(ports.kubeletHealth),
    },
  };
}
