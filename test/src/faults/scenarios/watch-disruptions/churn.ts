import { randomBytes } from 'node:crypto';

import { RequestRefused, type CclusterClient, type CreateJobInput } from '@ccluster/client';

import type { ClusterTruth } from './cluster-truth.js';
import { isOver } from './stages.js';

/** With fewer tasks to come, little would happen while a watch is broken. */
const MIN_TASKS_TO_COME = 4;
const TASKS_OF_FURTHER_JOB = 8;

export interface ChurnOptions {
  readonly client: CclusterClient;
  readonly truth: ClusterTruth;
  /** Where its jobs run, and what runs. */
  readonly input: Pick<CreateJobInput, 'imageUrl' | 'imageTag' | 'placement'>;
  readonly parallelism: number;
}

/** Keeps pods coming and going in one cluster. */
export class Churn {
  readonly jobIds: string[] = [];
  readonly #options: ChurnOptions;
  readonly #cancelled = new Set<string>();

  constructor(options: ChurnOptions) {
    this.#options = options;
  }

  async start(tasks: number): Promise<void> {
    const { client, input, parallelism } = this.#options;
    const { id } = await client.createJob({
      name: `t-${randomBytes(6).toString('hex')}`,
      commandArgv: ['/bin/sh', '-c', 'sleep 1'],
      completions: tasks,
      parallelism: Math.min(parallelism, tasks),
      enableLogging: false,
      // So that events of its pods have characters of several bytes.
      env: [{ name: 'TEXT', value: 'äöü '.repeat(10), secret: false }],
      ...input,
    });
    this.jobIds.push(id);
  }

  /** Starts a further job where the newest has little left to do. */
  async keepUp(): Promise<void> {
    if (!this.#isBusy()) await this.start(TASKS_OF_FURTHER_JOB);
  }

  async cancelNewest(): Promise<void> {
    const newest = this.jobIds.at(-1);
    if (newest === undefined) return;
    this.#cancelled.add(newest);
    await this.#options.client.cancelJob(newest).catch(ignoreFinished);
  }

  #isBusy(): boolean {
    const newest = this.jobIds.at(-1) ?? '';
    const job = this.#options.truth.jobs.get(newest);
    if (this.#cancelled.has(newest)) return false;
    if (job === undefined) return this.jobIds.length > 0;
    return !isOver(job) && (job.spec?.completions ?? 0) - (job.status?.succeeded ?? 0) >= MIN_TASKS_TO_COME;
  }
}

/** It came to its end while it was to be cancelled. */
function ignoreFinished(error: unknown): void {
  if (!(error instanceof RequestRefused && error.code === 'JOB_FINISHED')) throw error;
}
