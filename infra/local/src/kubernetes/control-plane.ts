import { readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { connect } from 'node:net';
import { join } from 'node:path';

import { stringify } from 'yaml';

import { allOrFirstFailure } from '../support/all-or-first-failure.js';
import type { LocalContext } from '../support/context.js';
import { startDaemon, type DaemonSpec } from '../support/daemon.js';
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
  /** kill -9, then the same again; resolves when it answers. */
  restartApiServer: () => Promise<void>;
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
  await startDaemon(
    context,
    spec('etcd', etcdArguments(plan), (signal) => isEtcdReady(plan, signal)),
  );
  const apiServer = spec('kube-apiserver', apiServerArguments(plan, credentials, writeAuditPolicy(plan)), (signal) =>
    isApiServerReady(plan, credentials, signal),
  );
  let running = await startDaemon(context, apiServer);
  await allOrFirstFailure([
    startDaemon(
      context,
      spec('kube-controller-manager', controllerManagerArguments(plan, credentials), (signal) =>
        isListening(plan.ports.controllerManager, signal),
      ),
    ),
    startDaemon(
      context,
      spec('kube-scheduler', schedulerArguments(plan, credentials), (signal) =>
        isListening(plan.ports.scheduler, signal),
      ),
    ),
  ]);
  return {
    restartApiServer: async () => {
      running.kill('SIGKILL');
      await running.exited;
      running = await startDaemon(context, apiServer);
    },
  };
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
