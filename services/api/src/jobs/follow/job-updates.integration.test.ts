import { insertJobDeletion, withTransaction } from '@ccluster/db';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusalsOf } from '../../testing/issues.js';
import { createTestJob, life, record } from '../../testing/seed-job.js';
import { startTestApi, type TestApi } from '../../testing/start-test-api.js';
import type { TestCaller } from '../../testing/test-caller.js';

interface Update {
  readonly cursor: string;
  readonly jobId: string;
  readonly kind: 'UPSERT' | 'LEFT_FILTER' | 'DELETED';
  readonly job: { readonly name: string; readonly status: string } | null;
}

const SUBSCRIPTION = `subscription ($filter: JobFilter, $after: String) {
  jobUpdates(filter: $filter, after: $after) { cursor jobId kind job { name status } } }`;

describe('the subscription jobUpdates', () => {
  let api: TestApi;
  let organizations = 0;
  beforeAll(async () => {
    api = await startTestApi();
  });
  afterAll(() => api.stop());

  const newCaller = () => api.newCaller(`organization ${(organizations += 1)}`, 'SUBMITTER');
  const cursorOf = async (caller: TestCaller) => {
    const { data } = await caller.ask('{ jobs(first: 0) { updatesCursor } }');
    return (data as { jobs: { updatesCursor: string } }).jobs.updatesCursor;
  };
  async function* follow(caller: TestCaller, after: string | null, filter: object = {}): AsyncGenerator<Update> {
    for await (const { data, errors } of caller.listen(SUBSCRIPTION, { filter, after })) {
      expect(errors).toBeUndefined();
      yield data?.['jobUpdates'] as Update;
    }
  }
  /** All up to the update that says of the job of that name what is expected in the end. */
  const followUntil = async (updates: AsyncGenerator<Update>, last: string) => {
    const told = [];
    for await (const update of updates) {
      told.push(textOf(update));
      if (told.at(-1) === last) break;
    }
    return told;
  };
  const textOf = ({ kind, job }: Update) =>
    [kind, job?.name, job?.status].filter((word) => word !== undefined).join(' ');
  const deleteJob = (organizationId: string, id: string) =>
    withTransaction(api.database, async (tx) => {
      await insertJobDeletion(tx, { id, organizationId });
      await tx.execute(`update jobs set deleted_at = now() where id = '${id}'`);
    });

  it('tells of each job that changed after the page, as it is now', async () => {
    const caller = await newCaller();
    const first = await createTestJob(caller, { name: 'first' });
    await createTestJob(caller, { name: 'untouched' });
    const after = await cursorOf(caller);
    await createTestJob(caller, { name: 'second' });
    await record(api.database, first, ...life.toRunning);
    const told = await followUntil(follow(caller, after), 'UPSERT first RUNNING');
    // A job that changed just before the page may be told of again, while older transactions of the server are open.
    expect(told.filter((text) => !text.includes('untouched'))).toEqual([
      'UPSERT second QUEUED',
      'UPSERT first RUNNING',
    ]);
  });

  it('goes on with changes as they happen, and after each with its cursor', async () => {
    const caller = await newCaller();
    const after = await cursorOf(caller);
    const updates = follow(caller, after);
    const cursors: string[] = [];
    for (const name of ['one', 'two', 'three']) {
      await createTestJob(caller, { name });
      const { value } = (await updates.next()) as { value: Update };
      expect(textOf(value)).toBe(`UPSERT ${name} QUEUED`);
      cursors.push(value.cursor);
    }
    await updates.return(undefined);
    for (const [i, cursor] of [after, ...cursors.slice(0, 2)].entries()) {
      const rest = ['one', 'two', 'three'].slice(i).map((name) => `UPSERT ${name} QUEUED`);
      expect(await followUntil(follow(caller, cursor), 'UPSERT three QUEUED')).toEqual(rest);
    }
  });

  it('says once that a job has left the filter, and again where it came back in between', async () => {
    const caller = await newCaller();
    const updates = follow(caller, await cursorOf(caller), { statuses: ['QUEUED'] });
    const next = async () => textOf(((await updates.next()) as { value: Update }).value);
    const id = await createTestJob(caller, { name: 'mine' });
    expect(await next()).toBe('UPSERT mine QUEUED');
    await record(api.database, id, { type: 'SUSPEND_REQUESTED', by: 'test' });
    expect(await next()).toBe('LEFT_FILTER mine SUSPENDED');
    await record(api.database, id, { type: 'RESUME_REQUESTED', by: 'test' });
    expect(await next()).toBe('UPSERT mine QUEUED');
    await record(api.database, id, ...life.toRunning);
    expect(await next()).toBe('LEFT_FILTER mine RUNNING');
    await record(api.database, id, ...life.toEnd);
    await createTestJob(caller, { name: 'other' });
    expect(await next()).toBe('UPSERT other QUEUED');
    await updates.return(undefined);
  });

  it('is silent about jobs that never matched the filter, and about other organizations', async () => {
    const [caller, stranger] = [await newCaller(), await newCaller()];
    const after = await cursorOf(caller);
    await createTestJob(stranger, { name: 'theirs' });
    const never = await createTestJob(caller, { name: 'never' });
    const running = await createTestJob(caller, { name: 'running' });
    await record(api.database, never, { type: 'SUSPEND_REQUESTED', by: 'test' });
    await record(api.database, running, ...life.toRunning);
    const updates = follow(caller, after, { statuses: ['RUNNING'] });
    expect(await followUntil(updates, 'UPSERT running RUNNING')).toEqual(['UPSERT running RUNNING']);
  });

  it('tells of a deleted job, whatever the filter', async () => {
    const caller = await newCaller();
    const id = await createTestJob(caller, { name: 'gone' });
    const after = await cursorOf(caller);
    await deleteJob(caller.organizationId, id);
    const updates = follow(caller, after, { nameContains: 'other' });
    expect(((await updates.next()) as { value: Update }).value).toMatchObject({
      kind: 'DELETED',
      jobId: id,
      job: null,
    });
    await updates.return(undefined);
  });

  it('misses nothing of many writers whose transactions end in any order', async () => {
    const caller = await newCaller();
    const ids: string[] = [];
    for (let i = 0; i < 12; i += 1) ids.push(await createTestJob(caller, { name: `job-${i}` }));
    const newest = new Map<string, string>();
    const updates = follow(caller, await cursorOf(caller));
    const following = (async () => {
      for await (const { jobId, job } of updates) {
        newest.set(jobId, job?.status ?? '');
        if (ids.every((id) => newest.get(id) === 'SUCCEEDED')) return;
      }
    })();
    await Promise.all(
      ids.map(async (id, i) => {
        for (const event of [...life.toRunning, ...life.toEnd]) {
          await withTransaction(api.database, async (tx) => {
            await tx.execute(`select pg_current_xact_id(), pg_sleep(${((i * 7) % 5) / 50})`);
          });
          await record(api.database, id, event);
        }
      }),
    );
    await following;
    expect([...newest.values()]).toEqual(ids.map(() => 'SUCCEEDED'));
  });

  it('goes on where it was on another api', async () => {
    const caller = await newCaller();
    const after = await cursorOf(caller);
    await createTestJob(caller, { name: 'before' });
    const updates = follow(caller, after);
    const { value } = (await updates.next()) as { value: Update };
    await updates.return(undefined);
    await createTestJob(caller, { name: 'between' });
    const other = await api.startAnother();
    const told = await followUntil(follow(other.callerOf(caller), value.cursor), 'UPSERT between QUEUED');
    expect(told).toEqual(['UPSERT between QUEUED']);
    await other.stop();
  });

  const changed = async (caller: TestCaller, change: object) => {
    const decoded = JSON.parse(Buffer.from(await cursorOf(caller), 'base64url').toString()) as [string, string, object];
    const [list, owner, position] = decoded;
    return Buffer.from(JSON.stringify([list, owner, { ...position, ...change }])).toString('base64url');
  };

  it.each([
    ['of another PostgreSQL instance', { systemId: '1' }, 'CURSOR_INVALID'],
    ['of a transaction that is yet to come', { xid: '18446744073709551615' }, 'CURSOR_INVALID'],
    ['of no transaction', { xid: '-1' }, 'CURSOR_INVALID'],
    ['with text that cannot be stored', { jobId: '\0' }, 'CURSOR_INVALID'],
    ['that is older than 7 days', { asOfMs: Date.now() - 7.01 * 86_400_000 }, 'CURSOR_EXPIRED'],
  ])('refuses a cursor %s', async (_, change, code) => {
    const caller = await newCaller();
    for await (const answer of caller.listen(SUBSCRIPTION, { after: await changed(caller, change) })) {
      expect(refusalsOf(answer)).toEqual([code]);
    }
  });

  it.each(['', 'nonsense'])('refuses the cursor "%s"', async (after) => {
    for await (const answer of (await newCaller()).listen(SUBSCRIPTION, { after })) {
      expect(refusalsOf(answer)).toEqual(['CURSOR_INVALID']);
    }
  });
});
