import { readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { connect } from 'node:net';
import { join } from 'node:path';

import { stringify } from 'yaml';

import { allOrFirstFailure } from '../support/all-or-first-failure.js';
import { startComponent, type Component } from '../support/component.js';
import type { LocalContext } from '../support/context.js';
import type { DaemonSpec } from '../support/daemon.js';
import { auditPolicy } from './audit-policy.js';
import type { NativeClusterCredentials } from './cluster-credentials.js';
import type { ClusterPlan } from './cluster-plan.js';
import {
  apiServerArguments,
  controllerManagerArguments,
  etcdArguments,
  etcdUrl,
  schedulerArguments,
} from './control-plane-arguments.js';

const READY_TIMEOUT_MS = 90_000;

export interface ControlPlane {
  etcd: Component;
  apiServer: Component;
  controllerManager: Component;
  scheduler: Component;
}

/** Starts etcd, then the API server, then the controller manager and the scheduler. */
export async function startControlPlane(
  context: LocalContext,
  binary: string,
  plan: ClusterPlan,
  credentials: NativeClusterCredentials,
): Promise<ControlPlane> {
  const spec = (program: string, args: string[], isReady: DaemonSpec['isReady']): DaemonSpec => ({
    name: `${plan.name}-${program}`,
    command: binary,
    args: [program, ...args],
    logFile: join(context.localDir, 'logs', `${plan.name}-${program}.log`),
    isReady,
    readyTimeoutMs: READY_TIMEOUT_MS,
  });
  const etcd = await startComponent(
    context,
    spec('etcd', etcdArguments(plan), (signal) => isEtcdReady(plan, signal)),
  );
  const apiServer = await startComponent(
    context,
    spec('kube-apiserver', apiServerArguments(plan, credentials, writeAuditPolicy(plan)), (signal) =>
      isApiServerReady(plan, credentials, signal),
    ),
  );
  const [controllerManager, scheduler] = await allOrFirstFailure([
    startComponent(
      context,
      spec('kube-controller-manager', controllerManagerArguments(plan, credentials), (signal) =>
        isListening(plan.ports.controllerManager, signal),
      ),
    ),
    startComponent(
      context,
      spec('kube-scheduler', schedulerArguments(plan, credentials), (signal) =>
        isListening(plan.ports.scheduler, signal),
      ),
    ),
  ] as const);
  return { etcd, apiServer, controllerManager, scheduler };
}

function writeAuditPolicy(plan: ClusterPlan): string {
  const file = join(plan.dir, 'audit-policy.yaml');
  writeFileSync(file, stringify(auditPolicy));
  return file;
}

async function isEtcdReady(plan: ClusterPlan, signal: AbortSignal): Promise<boolean> {
  return (await fetch(`${etcdUrl(plan)}/health`, { signal })).ok;
}

function isApiServerReady(
  { ports }: ClusterPlan,
  { caFile, kubeletClient }: NativeClusterCredentials,
  signal: AbortSignal,
): Promise<boolean> {
  const options = {
    host: '127.0.0.1',
    port: ports.apiServer,
    path: '/readyz',
    ca: readFileSync(caFile),
    cert: readFileSync(kubeletClient.certificate),
    key: readFileSync(kubeletClient.key),
    agent: false,
    signal,
  };
  return new Promise((resolve, reject) => {
    request(options, (response) => resolve(response.resume().statusCode === 200))
      .once('error', reject)
      .end();
  });
}

/** Rejects when nothing listens. */
function isListening(port: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, signal });
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
}
