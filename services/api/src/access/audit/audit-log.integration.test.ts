import 'reflect-metadata';
import { deleteAuditEntries } from '@ccluster/db';
import { assertObjectType } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildApiSchema } from '../../schema.js';
import { PAGE_INFO, type TestConnection } from '../../testing/connection.js';
import { refusalsOf } from '../../testing/issues.js';
import { resultOf } from '../../testing/result-of.js';
import { leastArguments, operationOf } from '../../testing/schema-arguments.js';
import { askForJob, createTestJob, life, record } from '../../testing/seed-job.js';
import { startTestApi, type TestApi } from '../../testing/start-test-api.js';
import type { TestCaller } from '../../testing/test-caller.js';

const LOG = `query ($first: Int, $after: String, $filter: AuditLogFilter) {
  auditLog(first: $first, after: $after, filter: $filter) {
    edges { cursor node { id at organizationId principalId principal role operation targetId outcome requestId } } ${PAGE_INFO} } }`;
const CANARY = 'canary-4f9b1c2d';

interface Entry {
  readonly id: string;
  readonly at: string;
  readonly organizationId: string;
  readonly principalId: string;
  readonly principal: string;
  readonly role: string;
  readonly operation: string;
  readonly targetId: string | null;
  readonly outcome: string;
  readonly requestId: string;
}

const mutations = Object.entries(assertObjectType(buildApiSchema().getType('Mutation')).getFields());

describe('the audit log', () => {
  let api: TestApi;
  let operator: TestCaller;
  let admin: TestCaller;
  let submitter: TestCaller;
  let viewer: TestCaller;

  beforeAll(async () => {
    api = await startTestApi();
    operator = await api.newCaller('house', 'OPERATOR');
    admin = await api.newCaller('acme', 'ADMIN');
    submitter = await api.newCaller('acme', 'SUBMITTER');
    viewer = await api.newCaller('acme', 'VIEWER');
  });

  afterAll(() => api.stop());

  const page = async (by: TestCaller, variables: object) =>
    (await by.get<{ auditLog: TestConnection<Entry> }>(LOG, { first: 100, ...variables })).auditLog;
  const entriesOf = async (filter: object, by = operator) => (await page(by, { filter })).edges.map(({ node }) => node);
  const storedOutcomes = async (targetId: string) =>
    (await entriesOf({ targetId })).map(({ operation, outcome }) => `${operation} ${outcome}`).toReversed();

  it('has who did what, when, to what, in which request', async () => {
    const response = await fetch(`${api.address}/graphql`, {
      method: 'POST',
      headers: { authorization: `Bearer ${submitter.key}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        query: 'mutation { createJob(input: { name: "seen", imageUrl: "busybox", imageTag: "1" }) { id } }',
      }),
    });
    const id = resultOf((await response.json()) as object, 'createJob')['id'] as string;
    const { rows } = await api.database.pool.query<{ id: string }>(
      `select id from api_keys where name = 'submitter of acme'`,
    );
    const [entry] = await entriesOf({ targetId: id }, admin);
    expect(entry).toEqual({
      id: expect.stringMatching(/^audit_\d+$/),
      at: expect.stringMatching(/Z$/),
      organizationId: submitter.organizationId,
      principalId: rows[0]?.id,
      principal: 'submitter of acme',
      role: 'SUBMITTER',
      operation: 'createJob',
      targetId: id,
      outcome: 'OK',
      requestId: response.headers.get('x-request-id'),
    });
    expect(Math.abs(Date.now() - Date.parse(entry!.at))).toBeLessThan(10_000);
  });

  it('has every step of a job, done, repeated or refused', async () => {
    const id = await createTestJob(submitter, { name: 'steps' });
    const ask = (name: string, by = submitter) => by.ask(`mutation ($id: ID!) { ${name}(id: $id) { id } }`, { id });
    for (const name of ['suspendJob', 'suspendJob', 'resumeJob', 'cancelJob', 'suspendJob']) await ask(name);
    await ask('cancelJob', viewer);
    await submitter.ask('mutation ($id: ID!) { rerunJob(id: $id, input: { name: "again" }) { id } }', { id });
    await submitter.ask('mutation ($id: ID!) { deleteJob(id: $id) }', { id });
    const { createJob } = (await askForJob(submitter, { name: 'twice', requestId: 'twice' })).data as never;
    await askForJob(submitter, { name: 'twice', requestId: 'twice' });
    expect((await storedOutcomes(id)).join()).toBe(
      'createJob OK,suspendJob OK,suspendJob OK,resumeJob OK,cancelJob OK,' +
        'suspendJob JOB_FINISHED,cancelJob FORBIDDEN,deleteJob OK',
    );
    const rerun = (await entriesOf({ operation: 'rerunJob' }))[0];
    expect([rerun?.outcome, rerun?.targetId]).toEqual(['OK', expect.stringMatching(/^job_/)]);
    expect(await storedOutcomes((createJob as { id: string }).id)).toEqual(['createJob OK', 'createJob OK']);
  });

  it('has what was done to organizations and keys as the affair of that organization', async () => {
    const { id } = resultOf(
      await operator.ask('mutation { createOrganization(input: { name: "umbrella" }) { id } }'),
      'createOrganization',
    ) as { id: string };
    await operator.ask('mutation ($id: ID!) { updateOrganization(id: $id, input: { maxGpus: 1 }) { id } }', { id });
    const { apiKey } = resultOf(
      await operator.ask(
        `mutation ($id: ID!) { createApiKey(input: { name: "a", role: ADMIN, organizationId: $id }) { apiKey { id } } }`,
        { id },
      ),
      'createApiKey',
    ) as { apiKey: { id: string } };
    await operator.ask('mutation ($id: ID!) { revokeApiKey(id: $id) }', { id: apiKey.id });
    const entries = await entriesOf({ organizationId: id });
    expect(entries.map(({ operation, targetId, principal }) => [operation, targetId, principal])).toEqual([
      ['revokeApiKey', apiKey.id, 'operator of house'],
      ['createApiKey', apiKey.id, 'operator of house'],
      ['updateOrganization', id, 'operator of house'],
      ['createOrganization', id, 'operator of house'],
    ]);
  });

  it.each(mutations)('has each mutation of the schema that a role does not allow: %s', async (name, field) => {
    const before = (await entriesOf({ operation: name, outcome: 'FORBIDDEN' })).length;
    await viewer.ask(operationOf('mutation', field), leastArguments(field, 'job_1'));
    await viewer.first(operationOf('mutation', field), leastArguments(field, 'job_1'), 10_000);
    const entries = await entriesOf({ operation: name, outcome: 'FORBIDDEN' });
    expect(entries.length - before).toBe(2);
    expect(entries[0]).toMatchObject({ principal: 'viewer of acme', organizationId: viewer.organizationId });
  });

  it('has what its use case does not write down itself', async () => {
    const ids = [];
    for (let times = 0; times < 2; times += 1) {
      const { createJob } = (await askForJob(submitter, { name: 'repeated', requestId: 'repeated' })).data as never;
      ids.push((createJob as { id: string }).id);
    }
    expect(ids[1]).toBe(ids[0]);
    expect(await storedOutcomes(ids[0]!)).toEqual(['createJob OK', 'createJob OK']);
  });

  it('has attempts at what belongs to others under who tried, and not under the owner', async () => {
    const stranger = await api.newCaller('strangers', 'ADMIN');
    const id = await createTestJob(submitter, { name: 'wanted' });
    await stranger.ask('mutation ($id: ID!) { cancelJob(id: $id) { id } }', { id });
    expect(await entriesOf({ targetId: id }, stranger)).toMatchObject([
      { operation: 'cancelJob', outcome: 'NOT_FOUND' },
    ]);
    expect(await entriesOf({ targetId: id }, admin)).toMatchObject([{ operation: 'createJob', outcome: 'OK' }]);
  });

  it('has no values of inputs, no secrets, and no id that is none', async () => {
    const input = {
      env: [{ name: 'TOKEN', value: CANARY }],
      command: CANARY,
      annotations: [{ key: 'a', value: CANARY }],
    };
    await createTestJob(submitter, { name: 'quiet', ...input });
    const cancel = 'mutation ($id: ID!) { cancelJob(id: $id) { id } }';
    for (const id of [CANARY.repeat(10_000), `${CANARY} `, '', '\0']) await submitter.ask(cancel, { id });
    await submitter.ask(`mutation { cancelJob(id: "job_1", reason: "${CANARY}") { id } }`);
    const { rows } = await api.database.pool.query('select row_to_json(audit_entries)::text as row from audit_entries');
    expect(JSON.stringify(rows)).not.toMatch(new RegExp(`${CANARY}|cck_`));
  });

  it('has nothing of inputs that break rules', async () => {
    const before = await entriesOf({ operation: 'createJob' });
    expect(refusalsOf(await askForJob(submitter, { name: 'Not A Name' }))).toEqual(['name: INVALID']);
    expect(await entriesOf({ operation: 'createJob' })).toEqual(before);
  });

  it('is written in the transaction of the change: what cannot be written down is not done', async () => {
    const id = await createTestJob(submitter, { name: 'held' });
    const finished = await createTestJob(submitter, { name: 'finished' });
    await record(api.database, finished, ...life.toRunning, ...life.toEnd);
    const { rows: keys } = await api.database.pool.query<{ id: string }>('select id from api_keys limit 1');
    const state = async () => {
      const { rows } = await api.database.pool.query(
        `select (select json_agg(j order by id) from jobs j)::text as jobs,
          (select json_agg(k order by id) from (select id, revoked_at from api_keys) k)::text as keys,
          (select json_agg(o order by id) from organizations o)::text as organizations`,
      );
      return rows;
    };
    const before = await state();
    await api.database.pool.query('alter table audit_entries rename to gone');
    try {
      const variables = { id, finished, key: keys[0]!.id, organization: admin.organizationId };
      for (const [by, mutation] of [
        [submitter, 'createJob(input: { name: "unwritten", imageUrl: "busybox", imageTag: "1" }) { id }'],
        [submitter, 'suspendJob(id: $id) { id }'],
        [submitter, 'cancelJob(id: $id) { id }'],
        [submitter, 'rerunJob(id: $finished, input: { name: "unwritten" }) { id }'],
        [submitter, 'deleteJob(id: $finished)'],
        [operator, 'createOrganization(input: { name: "unwritten" }) { id }'],
        [operator, 'updateOrganization(id: $organization, input: { maxGpus: 7 }) { id }'],
        [operator, 'createApiKey(input: { name: "unwritten", role: VIEWER }) { secret }'],
        [operator, 'revokeApiKey(id: $key)'],
      ] as const) {
        const used = Object.entries(variables).filter(([name]) => mutation.includes(`$${name}`));
        const head = used.length === 0 ? '' : `(${used.map(([name]) => `$${name}: ID!`).join(', ')})`;
        const answer = await by.ask(`mutation ${head} { ${mutation} }`, Object.fromEntries(used));
        expect([mutation, refusalsOf(answer)]).toEqual([mutation, ['INTERNAL']]);
      }
    } finally {
      await api.database.pool.query('alter table gone rename to audit_entries');
    }
    expect(await state()).toEqual(before);
  });

  it('is neither changed nor deleted nor emptied, but by retention what is older than 30 days', async () => {
    const { pool } = api.database;
    for (const change of [
      `update audit_entries set outcome = 'OK'`,
      'delete from audit_entries',
      'truncate audit_entries',
      `begin; set local ccluster.audit_retention = 'on'; delete from audit_entries; commit`,
    ]) {
      await expect(pool.query(change)).rejects.toThrow('neither changed nor deleted');
      await pool.query('rollback');
    }
    await pool.query(
      `insert into audit_entries (at, organization_id, principal_id, principal, role, operation, outcome, request_id)
        select now() - make_interval(days => 29 + n % 3), 'org_old', 'key_old', 'old', 'ADMIN', 'old', 'OK', n::text
        from generate_series(1, 30) as n`,
    );
    const left = async () =>
      Number((await pool.query(`select count(*) from audit_entries where operation = 'old'`)).rows[0].count);
    expect(await deleteAuditEntries(api.database, 3_650)).toBe(0);
    await expect(deleteAuditEntries(api.database, 29)).rejects.toThrow();
    expect(await left()).toBe(30);
    expect(await deleteAuditEntries(api.database, 30)).toBe(20);
    expect(await left()).toBe(10);
  });
});
