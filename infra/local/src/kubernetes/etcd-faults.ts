import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import type { Component } from '../support/component.js';
import type { Faults } from '../support/faults.js';
import { runCommand } from '../support/run-command.js';

const COPY_TIMEOUT_MS = 60_000;

/** What is killed and started anew when a cluster gets other data. */
interface ClusterParts {
  readonly etcd: Component;
  readonly apiServer: Component;
  /** What they remember of other data would keep them from seeing these: watches from a future version stay silent. */
  readonly clients: readonly Component[];
  /** What a cluster with other data needs to work as before, in this order. */
  readonly preparations: readonly (() => Promise<void>)[];
}

/**
 * `snapshot` keeps a copy of what the cluster knows, `restore` makes it a cluster that went back to that time, `wipe`
 * one that forgot everything: another incarnation, with another uid of `kube-system`. Tokens of its service accounts end
 * with them; client certificates stay good.
 * @param clusterDir the cluster's own directory
 */
export function etcdDataFaults(clusterDir: string, parts: ClusterParts): Faults {
  const data = join(clusterDir, 'etcd');
  const copy = join(clusterDir, 'etcd-snapshot');
  return {
    snapshot: async () => {
      rmSync(copy, { recursive: true, force: true });
      // What a stopped etcd has written is what a killed one leaves: it starts from that.
      await parts.etcd.pause();
      try {
        await copyTree(data, copy);
      } finally {
        await parts.etcd.resume();
      }
    },
    restore: async () => {
      if (!existsSync(copy)) throw new Error('there is no snapshot to restore');
      await restartWithData(parts, async () => {
        rmSync(data, { recursive: true });
        await copyTree(copy, data);
      });
    },
    wipe: () => restartWithData(parts, async () => rmSync(data, { recursive: true })),
  };
}

async function restartWithData(
  { etcd, apiServer, clients, preparations }: ClusterParts,
  replace: () => Promise<void>,
): Promise<void> {
  await Promise.all([etcd, apiServer, ...clients].map((component) => component.kill()));
  await replace();
  await etcd.start();
  await apiServer.start();
  await Promise.all(clients.map((client) => client.start()));
  for (const prepare of preparations) await prepare();
}

async function copyTree(from: string, to: string): Promise<void> {
  await runCommand('cp', ['--archive', '--sparse=always', from, to], { timeoutMs: COPY_TIMEOUT_MS });
}
