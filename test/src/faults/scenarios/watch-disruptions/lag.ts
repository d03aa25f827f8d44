import { setTimeout as sleep } from 'node:timers/promises';

import type { PodStatus } from '@ccluster/db';
import type pg from 'pg';

import type { StageObserver } from './cluster-truth.js';
import { GONE, shownStage } from './stages.js';

const POLL_INTERVAL_MS = 25;
const TIMEOUT_MS = 240_000;

interface JobStage {
  readonly succeeded: number;
  readonly isOver: boolean;
}

/** What a cluster has said and the product does not show yet. */
export class Lag implements StageObserver {
  /** How often a pod took a step, or a task succeeded. */
  transitions = 0;
  readonly #database: pg.Pool;
  /** By uid, the newest. */
  readonly #podStages = new Map<string, number>();
  readonly #hiddenPods = new Map<string, number>();
  readonly #hiddenJobs = new Map<string, JobStage>();
  readonly #goneJobs = new Set<string>();

  /** How many pods there were. */
  get pods(): number {
    return this.#podStages.size;
  }

  constructor(database: pg.Pool) {
    this.#database = database;
  }

  pod(uid: string, stage: number): void {
    if (stage <= (this.#podStages.get(uid) ?? -1)) return;
    this.transitions += 1;
    this.#podStages.set(uid, stage);
    this.#hiddenPods.set(uid, stage);
  }

  job(uid: string, succeeded: number, isOver: boolean): void {
    this.#hiddenJobs.set(uid, { succeeded, isOver });
  }

  jobGone(uid: string): void {
    this.#goneJobs.add(uid);
  }

  /**
   * Resolves when the product shows all that the cluster had said until now.
   * @returns how much of it was hidden at first; throws where some of it stays so
   */
  async caughtUp(): Promise<number> {
    const pods = new Map(this.#hiddenPods);
    const jobs = new Map(this.#hiddenJobs);
    const hidden = pods.size + jobs.size;
    const deadlineMs = performance.now() + TIMEOUT_MS;
    while (pods.size + jobs.size > 0) {
      if (performance.now() > deadlineMs)
        throw new Error(`Not shown after ${TIMEOUT_MS} ms: ${[...pods.keys(), ...jobs.keys()].join(', ')}`);
      if (pods.size > 0) await this.#strikeOffPods(pods);
      if (jobs.size > 0) await this.#strikeOffJobs(jobs);
      if (pods.size + jobs.size > 0) await sleep(POLL_INTERVAL_MS);
    }
    return hidden;
  }

  async #strikeOffPods(pods: Map<string, number>): Promise<void> {
    const text = 'select uid, status from pods where uid = any($1)';
    const { rows } = await this.#database.query<{ uid: string; status: PodStatus }>(text, [[...pods.keys()]]);
    const shown = new Map(rows.map(({ uid, status }) => [uid, shownStage(status)]));
    for (const [uid, stage] of pods) {
      // One that came and has gone by now, while nobody looked, has no row, and need not.
      const least = this.#podStages.get(uid) === GONE ? GONE : -1;
      if ((shown.get(uid) ?? least) < stage) continue;
      pods.delete(uid);
      if (this.#hiddenPods.get(uid) === stage) this.#hiddenPods.delete(uid);
    }
  }

  async #strikeOffJobs(jobs: Map<string, JobStage>): Promise<void> {
    const { rows } = await this.#database.query<JobRow>(JOBS, [[...jobs.keys()]]);
    const known = new Set(rows.map(({ uid }) => uid));
    for (const uid of jobs.keys()) {
      // Its job was cancelled while it was made: it has gone by now, and nobody needs to have seen it.
      if (!this.#goneJobs.has(uid) || known.has(uid)) continue;
      jobs.delete(uid);
      this.#hiddenJobs.delete(uid);
    }
    for (const { uid, succeeded, isOver } of rows) {
      const stage = jobs.get(uid);
      if (stage === undefined || (!isOver && (stage.isOver || succeeded < stage.succeeded))) continue;
      jobs.delete(uid);
      if (this.#hiddenJobs.get(uid) === stage) this.#hiddenJobs.delete(uid);
    }
  }
}

interface JobRow extends JobStage {
  readonly uid: string;
}

const JOBS = `select kubernetes_uid as uid, succeeded_count as succeeded, state->>'phase' in ('ENDING', 'ENDED') as "isOver"
  from jobs where kubernetes_uid = any($1)`;
