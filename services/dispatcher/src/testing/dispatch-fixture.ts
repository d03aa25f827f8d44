import {
  findClusterAccess,
  openDatabase,
  recordEvent,
  withTransaction,
  type Database,
  type RecordedChange,
  type UntimedJobEvent,
} from '@ccluster/db';
import type { JobSpec, JobState } from '@ccluster/domain';
import { createLogger, withoutCrash } from '@ccluster/runtime';
import { createTestDatabase } from '@ccluster/testkit';
import { createClusterConnections } from '../cluster/cluster-connections.js';
import { createClusterGate } from '../cluster/cluster-gate.js';
import { createPlacementTurns } from '../placement-turns.js';
import type { DispatchContext } from '../dispatch-context.js';
import { workOnJob } from '../work-on-job.js';
import { FakeCluster } from './fake-cluster.js';
import { insertCluster, insertJob, insertOrganization } from './insert-rows.js';

export interface DispatchFixture {
  readonly context: DispatchContext;
  /** Its clock; PostgreSQL has its own. */
  readonly clock: { ms: number };
  /** Every change that was told of. */
  readonly published: RecordedChange[];
  /** Jobs of which a dispatcher was told, besides the one that was worked on. */
  readonly hinted: string[];
  /** Registers a cluster with one instance type of one GPU, of which `room` replicas fit. */
  addCluster(id: string, room: number, priceCents: number): Promise<FakeCluster>;
  addJob(overrides?: Partial<JobSpec>): Promise<string>;
  /** What a dispatcher does with a hint: each call works under a claim of its own. */
  work(jobId: string): Promise<void>;
  /** The job is due and free, as if time had passed or its dispatcher had died. */
  makeDue(jobId: string): Promise<void>;
  /** The job ended so many seconds ago. */
  letItHaveEnded(jobId: string, seconds: number): Promise<void>;
  /** What a caller or the watcher records, outside any claim. */
  happen(jobId: string, ...events: readonly UntimedJobEvent[]): Promise<void>;
  stateOf(jobId: string): Promise<JobState>;
  close(): Promise<void>;
}

/** A dispatcher's surroundings: a real PostgreSQL with its own database, and clusters in memory. */
export async function openDispatchFixture(): Promise<DispatchFixture> {
  const testDatabase = await createTestDatabase();
  const { url } = testDatabase;
  const ignoreIdleError = () => undefined;
  const database = openDatabase({ url, maxConnections: 10, applicationName: 'test', onIdleError: ignoreIdleError });
  await insertOrganization(database);
  const fakes = new Map<string, FakeCluster>();
  const published: RecordedChange[] = [];
  const hinted: string[] = [];
  const clock = { ms: Date.now() };
  const context = openContext(database, fakes, clock, {
    publish: (change) => void published.push(change),
    hint: ({ jobId }) => void hinted.push(jobId),
  });
  return {
    context,
    clock,
    published,
    hinted,
    addCluster: async (id, room, priceCents) => {
      const fake = new FakeCluster(id);
      fakes.set(id, fake);
      await insertCluster(database, id, room, priceCents);
      return fake;
    },
    addJob: (overrides) => insertJob(database, overrides),
    work: (jobId) => workOnJob(context, jobId, new AbortController().signal),
    makeDue: async (jobId) => {
      await database.pool.query('UPDATE jobs SET lease_until = NULL, due_at = now() WHERE id = $1', [jobId]);
    },
    letItHaveEnded: async (jobId, seconds) => {
      await database.pool.query(
        `UPDATE jobs SET state = jsonb_set(state, '{finishedAt}', to_jsonb(now() - $2 * interval '1 second')) WHERE id = $1`,
        [jobId, seconds],
      );
    },
    happen: (jobId, ...events) =>
      withTransaction(database, async (tx) => {
        for (const event of events) await recordEvent(tx, jobId, event);
      }),
    stateOf: async (jobId) => {
      const { rows } = await database.pool.query<{ state: JobState }>('SELECT state FROM jobs WHERE id = $1', [jobId]);
      if (rows[0] === undefined) throw new Error(`${jobId} has no row`);
      return rows[0].state;
    },
    close: async () => {
      await database.close();
      await testDatabase.drop();
    },
  };
}

function openContext(
  database: Database,
  fakes: ReadonlyMap<string, FakeCluster>,
  clock: { readonly ms: number },
  telling: Pick<DispatchContext, 'publish' | 'hint'>,
): DispatchContext {
  const nowMs = () => clock.ms;
  const log = createLogger('test');
  log.level = 'silent';
  const open = ({ id }: { readonly id: string }) => {
    const writer = fakes.get(id);
    if (writer === undefined) throw new Error(`${id} is no cluster of this test`);
    return { writer, close: () => Promise.resolve() };
  };
  return {
    database,
    connections: createClusterConnections((id) => findClusterAccess(database.db, id), open),
    placementTurns: createPlacementTurns(),
    gate: createClusterGate({ places: 8, waitMs: 100, nowMs }),
    readSecrets: () => Promise.resolve({ imagePull: null, env: {} }),
    ...telling,
    finishedRetentionMs: 60_000,
    nowMs,
    atRisk: withoutCrash,
    log,
  };
}
