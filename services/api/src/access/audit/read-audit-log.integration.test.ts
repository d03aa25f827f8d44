import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PAGE_INFO, type TestConnection } from '../../testing/connection.js';
import { refusalsOf } from '../../testing/issues.js';
import { createTestJob } from '../../testing/seed-job.js';
import { startTestApi, type TestApi } from '../../testing/start-test-api.js';
import type { TestCaller } from '../../testing/test-caller.js';

const LOG = `query ($first: Int, $after: String, $filter: AuditLogFilter) {
  auditLog(first: $first, after: $after, filter: $filter) {
    edges { cursor node { id at organizationId principalId operation outcome } } ${PAGE_INFO} } }`;

interface Entry {
  readonly id: string;
  readonly at: string;
  readonly organizationId: string;
  readonly principalId: string;
}

describe('the audit log', () => {
  let api: TestApi;
  let operator: TestCaller;
  let admin: TestCaller;
  let submitter: TestCaller;

  beforeAll(async () => {
    api = await startTestApi();
    operator = await api.newCaller('house', 'OPERATOR');
    admin = await api.newCaller('acme', 'ADMIN');
    submitter = await api.newCaller('acme', 'SUBMITTER');
    for (let i = 1; i <= 8; i += 1) await createTestJob(i % 2 === 0 ? operator : submitter, { name: `job-${i}` });
  });

  afterAll(() => api.stop());

  const page = async (by: TestCaller, variables: object) =>
    (await by.get<{ auditLog: TestConnection<Entry> }>(LOG, { first: 100, ...variables })).auditLog;
  const entriesOf = async (filter: object, by = operator) => (await page(by, { filter })).edges.map(({ node }) => node);

  it('is read page by page, newest first, each entry once', async () => {
    const all = (await page(admin, {})).edges.map(({ node }) => node.id);
    const seen: string[] = [];
    for (let after: string | null = null; ;) {
      const { edges, pageInfo }: TestConnection<Entry> = await page(admin, { first: 3, after });
      seen.push(...edges.map(({ node }) => node.id));
      if (!pageInfo.hasNextPage) break;
      after = pageInfo.endCursor;
    }
    expect([seen.length, seen]).toEqual([4, all]);
    expect(refusalsOf(await admin.ask(LOG, { first: 101 }))).toEqual(['first: INVALID']);
    const { endCursor } = (await page(operator, { first: 1 })).pageInfo;
    expect(refusalsOf(await admin.ask(LOG, { after: endCursor }))).toEqual(['CURSOR_INVALID']);
  });

  it('is that of the organization for admins, and of all for operators', async () => {
    expect(new Set((await entriesOf({}, admin)).map(({ organizationId }) => organizationId))).toEqual(
      new Set([admin.organizationId]),
    );
    expect(new Set((await entriesOf({})).map(({ organizationId }) => organizationId)).size).toBeGreaterThan(1);
    for (const organizationId of [operator.organizationId, 'org_none']) {
      expect(refusalsOf(await admin.ask(LOG, { filter: { organizationId } }))).toEqual(['FORBIDDEN']);
    }
    expect(refusalsOf(await submitter.ask(LOG))).toEqual(['FORBIDDEN']);
  });

  it('is filtered by who, what, outcome and time', async () => {
    const [newest] = await entriesOf({});
    const { principalId, at } = newest!;
    expect((await entriesOf({ principalId })).every((entry) => entry.principalId === principalId)).toBe(true);
    expect((await entriesOf({ outcome: 'OK', operation: 'createJob' })).length).toBeGreaterThan(0);
    expect(await entriesOf({ outcome: 'none' })).toEqual([]);
    const after = new Date(Date.parse(at) + 1).toISOString();
    expect(await entriesOf({ recordedAfter: after })).toEqual([]);
    expect((await entriesOf({ recordedBefore: after }))[0]).toEqual(newest);
  });
});
