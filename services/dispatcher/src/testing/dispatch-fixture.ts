import {
  clusters,
  instanceTypes,
  jobs,
  openDatabase,
  organizations,
  recordEvent,
  withTransaction,
  type Database,
  type RecordedChange,
  type UntimedJobEvent,
} from '@ccluster/db';
import { initialState, jobStatus, newId, type JobSpec, type JobState } from '@ccluster/domain';
import { createLogger } from '@ccluster/runtime';
import { createTestDatabase } from '@ccluster/testkit';
import { randomFillSync } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import { createClusterConnections } from '../cluster/cluster-connections.js';
import { createClusterGate } from '../cluster/cluster-gate.js';
import type { DispatchContext } from '../dispatch-context.js';
import { workOnJob } from '../work-on-job.js';
import { aSpec } from './build-order.js';
import { createFakeCluster, type FakeCluster } from './fake-cluster.js';

export const ORGANIZATION = 'org_01arz3ndektsv4rrffq69g5fav';

export interface DispatchFixture {
  readonly database: Database;
  readonly clock: { ms: number };
  /** Every change that was told of. */
  readonly published: RecordedChange[];
  /** Registers a cluster with one instance type of one GPU. */
  addCluster(id: string, room: number, priceCents: number): Promise<FakeCluster>;
  addJob(overrides?: Partial<JobSpec>): Promise<string>;
  /** What a dispatcher does with a hint; each call is a dispatcher of its own. */
  work(jobId: string): Promise<void>;
  /** The job is due now and free, as if its lease had run out. */
  expireLease(jobId: string): Promise<void>;
  /** What a caller or the watcher does, outside any claim. */
  happen(jobId: string, ...events: readonly UntimedJobEvent[]): Promise<void>;
  stateOf(jobId: string): Promise<JobState>;
  close(): Promise<void>;
}

/** A dispatcher's surroundings: a real PostgreSQL with its own database, and clusters in memory. */
export async function openDispatchFixture(): Promise<DispatchFixture> {
  const testDatabase = await createTestDatabase();
  const database = openDatabase({
    url: testDatabase.url,
    maxConnections: 10,
    applicationName: 'test',
    onIdleError: () => undefined,
  });
  const { db } = database;
  await db.insert(organizations).values({ id: ORGANIZATION, name: 'default' });
  const fakes = new Map<string, FakeCluster>();
  const published: RecordedChange[] = [];
  const clock = { ms: Date.now() };
  const newContext = () => openContext(database, fakes, clock, (change) => void published.push(change));
  const context = newContext();
  return {
    database,
    clock,
    published,
    addCluster: async (id, room, priceCents) => {
      await insertCluster(database, id, room, priceCents);
      const fake = createFakeCluster();
      fakes.set(id, fake);
      return fake;
    },
    addJob: (overrides) => insertJob(database, overrides),
    work: (jobId) => workOnJob(context, jobId, new AbortController().signal),
    expireLease: async (jobId) => {
      const before = sql`now() - interval '1 second'`;
      await db.update(jobs).set({ leaseUntil: before, dueAt: before }).where(eq(jobs.id, jobId));
    },
    happen: async (jobId, ...events) => {
      await withTransaction(database, async (tx) => {
        for (const event of events) await recordEvent(tx, jobId, event);
      });
    },
    stateOf: async (jobId) => {
      const [row] = await db.select({ state: jobs.state }).from(jobs).where(eq(jobs.id, jobId));
      if (row === undefined) throw new Error(`${jobId} has no row`);
      return row.state;
    },
    close: async () => {
      await database.close();
      await testDatabase.drop();
    },
  };
}
