import { appendFileSync } from 'node:fs';

import type { Job } from '@ccluster/client';
import { kubernetesJobName } from '@ccluster/domain';
import { BatchV1Api, CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import type pg from 'pg';

import type { Platform } from '../../support/platform.js';
import type { HistoryOperation } from '../history.js';
import type { Rule } from '../violation.js';
import type { ProofJobName } from './proof-jobs.js';

/** Where violations are planted: jobs that a platform has run to their end, and then was mostly stopped. */
export interface Ground {
  readonly platform: Platform;
  readonly historyPath: string;
  readonly jobs: Readonly<Record<ProofJobName, Job>>;
  /** PostgreSQL, past the application. */
  readonly database: pg.Client;
  /** A file that passes for a service's log. */
  readonly logFile: string;
  readonly canaries: Readonly<Record<string, string>>;
}

/** A violation that is put into the world past the application. */
export interface Plant {
  readonly what: string;
  /** @returns what is to be found for it */
  plant(ground: Ground): Promise<readonly Expected[]>;
}

export interface Expected {
  readonly rule: Rule;
  readonly subject: string;
}

export const NAMESPACE = 'ccluster-jobs';

/** A cluster, with all rights. */
export interface OpenCluster {
  readonly name: string;
  readonly clusterId: string;
  readonly batch: BatchV1Api;
  readonly core: CoreV1Api;
}

export function openClusters({ environment, clusterIds }: Platform): OpenCluster[] {
  return environment.clusters.map(({ name, kubeconfig }) => {
    const config = new KubeConfig();
    config.loadFromFile(kubeconfig);
    return {
      name,
      clusterId: clusterIds.get(name) ?? '',
      batch: config.makeApiClient(BatchV1Api),
      core: config.makeApiClient(CoreV1Api),
    };
  });
}

/** As the dispatcher names the Kubernetes Job of a job. */
export function nameInCluster({ name, id }: Job): string {
  return kubernetesJobName(name, id);
}

/** Writes to a history that is closed. */
export function appendToHistory({ historyPath }: Ground, operation: HistoryOperation): void {
  appendFileSync(historyPath, `${JSON.stringify({ at: Date.now(), ...operation })}\n`);
}
