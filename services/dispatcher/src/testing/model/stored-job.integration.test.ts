import {
  claimJob,
  findJob,
  hideJob,
  openDatabase,
  recordEvent,
  releaseClaim,
  removeDeletedJob,
  withTransaction,
  type Database,
  type UntimedJobEvent,
} from '@ccluster/db';
import { createTestDatabase, anObservation, aPlacement } from '@ccluster/testkit';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { insertCluster, insertJob, insertOrganization, ORGANIZATION } from '../insert-rows.js';
import { AT, claim, hide, record, removeDeleted, withoutWords } from './stored-job.js';
import { initialWorld, type StoredJob } from './world.js';
import { noTroubles } from './budgets.js';

let database: Database;
let drop: () => Promise<void>;

beforeAll(async () => {
  const test = await createTestDatabase();
  drop = () => test.drop();
  const onIdleError = () => undefined;
  database = openDatabase({ url: test.url, maxConnections: 4, applicationName: 'test', onIdleError });
  await insertOrganization(database);
  for (const name of ['a', 'b']) await insertCluster(database, name, 10, 100);
});

afterAll(async () => {
  await database.close();
  await drop();
});

const observation = anObservation({ kubernetesUid: 'a1', resourceVersion: '30', intent: 2, suspended: true });
const verdict = { outcome: 'SUCCEEDED', code: 'Complete', message: 'done', final: true } as const;
const hopeless = { code: 'IMAGE_PULL_FAILED', message: 'no such image' };
const placedIn = (name: string) => aPlacement({ clusterId: name, clusterName: name, instanceTypeId: `it_${name}` });

const events: readonly UntimedJobEvent[] = [
  { type: 'PLACEMENT_DECIDED', placement: placedIn('a') },
  { type: 'PLACEMENT_DECIDED', placement: placedIn('b') },
  { type: 'PLACEMENT_WAITING', code: 'WAITING_FOR_CAPACITY', message: 'first in line' },
  { type: 'PLACEMENT_UNDONE', code: 'CLUSTER_UNREACHABLE', message: 'no answer' },
  { type: 'DISPATCH_REFUSED', code: 'POLICY_REFUSED', message: 'no' },
  { type: 'ARMED', kubernetesUid: 'a1', placement: placedIn('a') },
  { type: 'ARMED', kubernetesUid: 'b1', placement: placedIn('b') },
  { type: 'INTENT_APPLIED', intent: 1, released: true, resourceVersion: '10' },
  { type: 'INTENT_APPLIED', intent: 2, released: false, resourceVersion: '20' },
  { type: 'CANCEL_REQUESTED', by: 'caller', reason: null },
  { type: 'SUSPEND_REQUESTED', by: 'caller' },
  { type: 'RESUME_REQUESTED', by: 'caller' },
  { type: 'RESUME_REQUESTED', by: 'caller', limited: true },
  { type: 'RESUME_ALLOWED' },
  { type: 'OBSERVED', observation },
  { type: 'OBSERVED', observation: { ...observation, verdict } },
  { type: 'OBSERVED', observation: { ...observation, suspended: false, hopeless } },
  { type: 'KUBERNETES_JOB_GONE', kubernetesUid: 'a1', message: 'gone' },
  { type: 'CLUSTER_UNREACHABLE', message: 'no answer' },
  { type: 'SETTLED' },
  { type: 'CLEANED' },
];

type Operation =
  | { readonly kind: 'claim' | 'hide' | 'remove' | 'release' }
  /** `claimsAgo`: 0 is the newest claim, null none at all. */
  | { readonly kind: 'record'; readonly event: UntimedJobEvent; readonly claimsAgo: number | null };

/** The usual way of a job, with whatever comes between. */
const anyOperation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom<Operation>({ kind: 'claim' }, { kind: 'release' }) },
  { weight: 1, arbitrary: fc.constantFrom<Operation>({ kind: 'hide' }, { kind: 'remove' }) },
  {
    weight: 9,
    arbitrary: fc.record({
      kind: fc.constant('record' as const),
      event: fc.constantFrom(...events),
      claimsAgo: fc.constantFrom(0, 0, 0, 1, null, null),
    }),
  },
);

it('does to a job what packages/db does to its row', async () => {
  const operations = fc.array(anyOperation, { minLength: 10, maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(operations, async (run) => {
      const id = await insertJob(database);
      let model: StoredJob | null = initialWorld(noTroubles).job;
      for (const operation of run) {
        const both = await bothWays(id, model, operation);
        model = both.model;
        expect(both.answered).toEqual(both.expected);
        expect(await readStored(id)).toEqual(model);
      }
    }),
    { numRuns: 40 },
  );
}, 120_000);

interface Both {
  readonly model: StoredJob | null;
  readonly answered?: unknown;
  readonly expected?: unknown;
}

async function bothWays(id: string, model: StoredJob | null, operation: Operation): Promise<Both> {
  const { db } = database;
  const epoch = model?.epoch ?? 0;
  switch (operation.kind) {
    case 'claim': {
      // The model has no lease: whoever held it is slow or dead.
      await database.pool.query(
        'UPDATE jobs SET lease_until = NULL, due_at = least(due_at, now()) WHERE id = $1 AND due_at IS NOT NULL',
        [id],
      );
      const claimed = await claimJob(db, id, 60_000);
      const expected = claim(model);
      return { model: expected ?? model, answered: claimed?.epoch, expected: expected?.epoch };
    }
    case 'release':
      await releaseClaim(db, { id, epoch }, 0);
      return { model };
    case 'hide':
      if (model?.state.phase !== 'ENDED' || model.deleted) return { model };
      await withTransaction(database, async (tx) => {
        const row = await findJob(tx, ORGANIZATION, id);
        if (row !== undefined) await hideJob(tx, row);
      });
      return { model: hide(model) };
    case 'remove':
      await removeDeletedJob(db, { id, epoch }, new AbortController().signal);
      return { model: removeDeleted(model, epoch) };
    case 'record': {
      const claimEpoch = operation.claimsAgo === null ? null : epoch - operation.claimsAgo;
      const change = await withTransaction(database, (tx) =>
        recordEvent(tx, id, operation.event, claimEpoch ?? undefined),
      );
      const expected = record(model, operation.event, claimEpoch);
      return { model: expected ?? model, answered: change === undefined, expected: expected === undefined };
    }
  }
}

async function readStored(id: string): Promise<StoredJob | null> {
  const { rows } = await database.pool.query<StoredJob>(
    'SELECT state, epoch, due_at IS NOT NULL AS due, deleted_at IS NOT NULL AS deleted FROM jobs WHERE id = $1',
    [id],
  );
  const [row] = rows;
  if (row === undefined) return null;
  const state = withoutWords(row.state);
  return { ...row, state: state.phase === 'ENDED' ? { ...state, finishedAt: AT } : state };
}
