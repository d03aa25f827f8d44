import { join } from 'node:path';

import type { NativeClusterCredentials } from './cluster-credentials.js';
import type { ClusterPlan } from './cluster-plan.js';

/** API calls a second, and at once: a laptop's cluster has one client of each kind, so none of the usual brakes. */
const API_LIMITS = ['--kube-api-qps=500', '--kube-api-burst=1000'];

const AUDIT_LOG_MAX_MB = 1_000_000;

export function etcdUrl({ ports }: ClusterPlan): string {
  return `http://127.0.0.1:${ports.etcd}`;
}

export function auditLog({ dir }: ClusterPlan): string {
  return join(dir, 'audit.log');
}

export function etcdArguments(plan: ClusterPlan): string[] {
  const peer = `http://127.0.0.1:${plan.ports.etcdPeer}`;
  return [
    `--data-dir=${join(plan.dir, 'etcd')}`,
    `--listen-client-urls=${etcdUrl(plan)}`,
    `--advertise-client-urls=${etcdUrl(plan)}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=default=${peer}`,
    // The data is thrown away at the next start; what a killed process has written stays in the page cache.
    '--unsafe-no-fsync',
    '--quota-backend-bytes=4294967296',
    '--log-level=warn',
  ];
}

/** @param auditPolicyFile what the server writes to `audit.log` in the cluster's directory */
export function apiServerArguments(
  plan: ClusterPlan,
  credentials: NativeClusterCredentials,
  auditPolicyFile: string,
): string[] {
  return [
    `--etcd-servers=${etcdUrl(plan)}`,
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
    `--audit-policy-file=${auditPolicyFile}`,
    `--audit-log-path=${auditLog(plan)}`,
    // Never a second file: who reads it would miss what is in the first. The default is 100.
    `--audit-log-maxsize=${AUDIT_LOG_MAX_MB}`,
    '--profiling=false',
  ];
}

export function controllerManagerArguments(plan: ClusterPlan, credentials: NativeClusterCredentials): string[] {
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
    '--node-monitor-period=2s',
    ...API_LIMITS,
    '--profiling=false',
  ];
}

export function schedulerArguments(plan: ClusterPlan, credentials: NativeClusterCredentials): string[] {
  return [
    `--kubeconfig=${credentials.kubeconfigs.scheduler}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${plan.ports.scheduler}`,
    '--leader-elect=false',
    ...API_LIMITS,
    '--profiling=false',
  ];
}
