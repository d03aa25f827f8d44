import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../testing/start-test-api.js';
import type { TestCaller } from '../testing/test-caller.js';
import { MAX_REQUEST_BYTES } from './limits.js';

const ANSWER_TIMEOUT_MS = 10_000;
const CANARY = 'canary-91b0c2d3e4f5a687';
const NESTED = `${'{ a '.repeat(51)}${'}'.repeat(51)}`;
const DEEP_LISTS =
  '{ jobs(first: 100) { edges { node { tasks(first: 100) { edges { node { attempts { id status exitCode } } } } } } } }';

describe('the server', () => {
  let api: TestApi;
  let caller: TestCaller;

  beforeAll(async () => {
    api = await startTestApi();
    caller = await api.newCaller('acme', 'OPERATOR');
  });

  afterAll(() => api.stop());

  const post = (headers: Record<string, string>, body: string) =>
    fetch(`${api.address}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });
  const viewer = JSON.stringify({ query: '{ viewer { role } }' });

  it.each([
    ['a syntax error', `{ job(id: "${CANARY}" "${CANARY}") { id } }`, {}, 'GRAPHQL_PARSE_FAILED'],
    ['an unknown field', '{ nothing }', {}, 'GRAPHQL_VALIDATION_FAILED'],
    [
      'a literal of the wrong type',
      'mutation { createJob(input: { name: "a", imageUrl: "a", imageTag: "b", env: [{ name: "A", value: 9182736450 }] }) { id } }',
      {},
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'a variable of the wrong type',
      'mutation ($input: CreateJobInput!) { createJob(input: $input) { id } }',
      { input: { name: 'a', imageUrl: 'a', imageTag: 'b', imagePullSecret: { username: 'u', password: [CANARY] } } },
      'BAD_USER_INPUT',
    ],
    [
      'a number beyond Int',
      'query ($first: Int!) { jobs(first: $first) { totalCount } }',
      { first: 9182736450 },
      'BAD_USER_INPUT',
    ],
    [
      'more words than are read',
      `{ ${Array.from({ length: 15_001 }, (_, i) => `a${i}`).join(' ')} }`,
      {},
      'QUERY_TOO_COMPLEX',
    ],
    [
      'a null where none can be, behind a default',
      'query ($id: ID = "x") { job(id: $id) { id } }',
      { id: null },
      'BAD_USER_INPUT',
    ],
    [
      'a null for an order',
      'query ($by: JobOrder = CREATED_AT_ASC) { jobs(orderBy: $by) { totalCount } }',
      { by: null },
      'BAD_USER_INPUT',
    ],
    [
      'a null within a value that is written out',
      `mutation ($name: String = "a") { createJob(input: { name: $name, imageUrl: "a", imageTag: "b",
        imagePullSecret: { username: "u", password: "${CANARY}" } }) { id } }`,
      { name: null },
      'BAD_USER_INPUT',
    ],
    [
      'a condition that is null',
      'query ($if: Boolean = true) { viewer { role @skip(if: $if) } }',
      { if: null },
      'BAD_USER_INPUT',
    ],
    [
      'a subscription that a variable leaves out',
      'subscription ($if: Boolean!) { jobUpdates @skip(if: $if) { cursor } }',
      { if: true },
      'GRAPHQL_VALIDATION_FAILED',
    ],
    ['more levels than are read', NESTED, {}, 'QUERY_TOO_COMPLEX'],
    ['more than an answer may hold', DEEP_LISTS, {}, 'QUERY_TOO_COMPLEX'],
    ['text that cannot be stored', 'mutation { cancelJob(id: "x", reason: "\\u0000") { id } }', {}, 'BAD_USER_INPUT'],
  ])('refuses %s alike on both transports, without repeating a value', async (_, query, variables, code) => {
    const overHttp = await caller.ask(query, variables);
    expect(overHttp.errors?.map(({ extensions }) => extensions?.['code'])).toEqual([code]);
    const overSocket = await caller.first(query, variables, ANSWER_TIMEOUT_MS);
    expect(overSocket.errors).toEqual(overHttp.errors);
    expect(JSON.stringify(overHttp)).not.toMatch(/canary|9182736450/);
  });

  it.each([NESTED, DEEP_LISTS])('answers 400 over HTTP to what is too complex: %s', async (document) => {
    expect((await caller.ask(document)).status).toBe(400);
  });

  it('says of a fault of its own only under which id it is logged', async () => {
    await api.database.pool.query('alter table organizations rename to gone');
    try {
      for (const errors of [
        (await caller.ask('{ viewer { organization { name } } }')).errors,
        (await caller.first('{ viewer { organization { name } } }', {}, ANSWER_TIMEOUT_MS)).errors,
      ]) {
        const { message, extensions } = errors![0]!;
        const errorId = String(extensions?.['errorId']);
        expect(extensions?.['code']).toBe('INTERNAL');
        expect(message).toBe(`Something failed on our side. It is logged as ${errorId}`);
        expect(api.logged()).toContain(errorId);
        expect(JSON.stringify(errors)).not.toMatch(/organizations|select/i);
      }
    } finally {
      await api.database.pool.query('alter table gone rename to organizations');
    }
  });

  it('answers 400 to a body that is no JSON and 413 to one that is too large', async () => {
    const authorization = `Bearer ${caller.key}`;
    expect((await post({ authorization }, '{')).status).toBe(400);
    expect((await post({ authorization }, `"${'x'.repeat(MAX_REQUEST_BYTES)}"`)).status).toBe(413);
  });

  it('refuses batches, and queries that a page of another site could send', async () => {
    const authorization = `Bearer ${caller.key}`;
    expect((await post({ authorization }, `[${viewer}]`)).status).toBe(400);
    const url = `${api.address}/graphql?query=${encodeURIComponent('{ viewer { role } }')}`;
    expect((await fetch(url)).status).toBe(400);
    expect((await fetch(url, { headers: { authorization } })).status).toBe(200);
  });
});
