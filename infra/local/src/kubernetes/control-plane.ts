import { readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';

import { stringify } from 'yaml';

import type { LocalContext } from '../support/context.js';
import { startDaemon, type Daemon, type DaemonSpec } from '../support/daemon.js';
import { auditPolicy } from './audit-policy.js';
import type { NativeClusterCredentials } from './cluster-credentials.js';
import type { ClusterPlan } from './cluster-plan.js';

const READY_TIMEOUT_MS = 90_000;

export interface ControlPlane {
  /** kill -9, then the same again; resolves when it answers. */
  restartApiServer(): Promise<void>;
}

/** Starts etcd, then the API server, then the controller manager and the scheduler. */
export async function startControlPlane(
  context: LocalContext,
  binary: string,
  plan: ClusterPlan,
  credentials: NativeClusterCredentials,
): Promise<ControlPlane> {
  const { ports } = plan;
  const spec = (program: string, args: string[], isReady: DaemonSpec['isReady']): DaemonSpec => ({
    name: `${plan.name}-${program}`,
    command: binary,
    args: [program, ...args],
    logFile: join(context.localDir, 'logs', `${plan.name}-${program}.log`),
    isReady,
    readyTimeoutMs: READY_TIMEOUT_MS,
  });
  await startDaemon(context, spec('etcd', etcdArguments(plan), (signal) => answers(`http://127.0.0.1:${ports.etcd}/health`, signal)));
  const apiServer = spec('kube-apiserver', apiServerArguments(plan, credentials), (signal) =>
    isApiServerReady(ports.apiServer, credentials, signal),
  );
  let running = await startDaemon(context, apiServer);
  await Promise.all([
    startDaemon(context, spec('kube-controller-manager', controllerManagerArguments(plan, credentials), async () => true)),
    startDaemon(context, spec('kube-scheduler', schedulerArguments(plan, credentials), async () => true)),
  ]);
  return {
    restartApiServer: async () => {
      await killed(running);
      running = await startDaemon(context, apiServer);
    },
  };
}

async function killed(daemon: Daemon): Promise<void> {
  daemon.kill('SIGKILL');
  await daemon.exited;
}

function etcdArguments({ dir, ports }: ClusterPlan): string[] {
  const client = `http://127.0.0.1:${ports.etcd}`;
  const peer = `http://127.0.0.1:${ports.etcdPeer}`;
  return [
    `--data-dir=${join(dir, 'etcd')}`,
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=default=${peer}`,
    // The data is thrown away at the next start; what a killed process has written stays in the page cache.
    '--unsafe-no-fsync',
    '--quota-backend-bytes=4294967296',
    '--log-level=warn',
  ];
}

function apiServerArguments(plan: ClusterPlan, credentials: NativeClusterCredentials): string[] {
  const policyFile = join(plan.dir, 'audit-policy.yaml');
  writeFileSync(policyFile, stringify(auditPolicy));
  return [
    `--etcd-servers=http://127.0.0.1:${plan.ports.etcd}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${plan.ports.apiServer}`,
    `--advertise-address=${plan.nodeAddress}`,
    '--endpoint-reconciler-type=none',
    `--tls-cert-file=${credentials.apiServer.certificate}`,
    `--tls-private-key-file=${credentials.apiServer.key}`,
    `--client-ca-file=${credentials.caFile}`,
    `--kubelet-certificate-authority=${credentials.caFile}`,
    `--kubelet-client-certificate=${credentials.kubeletClient.certificate}`,
    `--kubelet-client-key=${credentials.kubeletClient.key}`,
    '--kubelet-preferred-address-types=InternalIP',
    '--authorization-mode=Node,RBAC',
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-signing-key-file=${credentials.serviceAccounts.key}`,
    `--service-account-key-file=${credentials.serviceAccounts.certificate}`,
    '--service-cluster-ip-range=10.96.0.0/16',
    `--audit-policy-file=${policyFile}`,
    `--audit-log-path=${join(plan.dir, 'audit.log')}`,
    '--allow-privileged=true',
    '--profiling=false',
  ];
}

function controllerManagerArguments(plan: ClusterPlan, credentials: NativeClusterCredentials): string[] {
  return [
    `--kubeconfig=${credentials.kubeconfigs.controllerManager}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${plan.ports.controllerManager}`,
    `--root-ca-file=${credentials.caFile}`,
    `--service-account-private-key-file=${credentials.serviceAccounts.key}`,
    // Each controller has the rights of its own account; the shared user has next to none.
    '--use-service-account-credentials=true',
    '--leader-elect=false',
    '--concurrent-job-syncs=20',
    '--kube-api-qps=500',
    '--kube-api-burst=1000',
    '--node-monitor-period=2s',
    '--profiling=false',
  ];
}

function schedulerArguments(plan: ClusterPlan, credentials: NativeClusterCredentials): string[] {
  return [
    `--kubeconfig=${credentials.kubeconfigs.scheduler}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${plan.ports.scheduler}`,
    '--leader-elect=false',
    '--kube-api-qps=500',
    '--kube-api-burst=1000',
    '--profiling=false',
  ];
}

async function answers(url: string, signal: AbortSignal): Promise<boolean> {
  return (await fetch(url, { signal })).ok;
}

function isApiServerReady(port: number, credentials: NativeClusterCredentials, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve, reject) => {
    request(
      {
        host: '127.0.0.1',
        port,
        path: '/readyz',
        ca: readFileSync(credentials.caFile),
        cert: readFileSync(credentials.kubeletClient.certificate),
        key: readFileSync(credentials.kubeletClient.key),
        agent: false,
        signal,
      },
      (response) => {
        response.resume();
        resolve(response.statusCode === 200);
      },
    )
      .once('error', reject)
      .end();
  });
}
