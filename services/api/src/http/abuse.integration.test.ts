import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../testing/start-test-api.js';

const CHECKS = 14;
const times = (count: number, part: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => part(i)).join(' ');
const circle = (depth: number): string => (depth === 0 ? 'name' : `fields { type { ${circle(depth - 1)} } }`);

/** What the checks of graphql-cop ask for, and what they take for a finding: by strangers, and by callers with a key. */
describe('of the 14 checks of graphql-cop', () => {
  let api: TestApi;
  let key: string;
  let passed = 0;

  beforeAll(async () => {
    api = await startTestApi({ graphiql: false });
    ({ key } = await api.newKey('acme', 'VIEWER'));
  });

  afterAll(async () => {
    console.log(`graphql-cop: ${CHECKS - passed} findings of ${CHECKS} checks`);
    await api.stop();
  });

  const send = async (authorization: string | undefined, init: RequestInit, search = '') => {
    const headers = { ...(init.headers as Record<string, string>), ...(authorization && { authorization }) };
    const response = await fetch(`${api.address}/graphql${search}`, { ...init, headers });
    return { status: response.status, text: await response.text() };
  };
  const post = (authorization: string | undefined, body: unknown, type = 'application/json') =>
    send(authorization, {
      method: 'POST',
      headers: { 'content-type': type },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  const get = (authorization: string | undefined, query: string) =>
    send(authorization, { method: 'GET' }, `?query=${encodeURIComponent(query)}`);

  type Ask = (authorization: string | undefined) => Promise<{ status: number; text: string }>;
  const nothingIsAnswered = /"data":\{/;

  it.each<[check: string, ask: Ask, finding: RegExp]>([
    [
      'alias overloading',
      (by) => post(by, { query: `{ ${times(101, (i) => `alias${i}: __typename`)} }` }),
      nothingIsAnswered,
    ],
    [
      'array-based query batching',
      (by) =>
        post(
          by,
          Array.from({ length: 10 }, () => ({ query: '{ __typename }' })),
        ),
      nothingIsAnswered,
    ],
    [
      'circular fragments',
      (by) => post(by, { query: '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }' }),
      /"data"|INTERNAL/,
    ],
    [
      'circular introspection',
      (by) => post(by, { query: `{ __schema { types { ${circle(8)} } } }` }),
      nothingIsAnswered,
    ],
    ['directive overloading', (by) => post(by, { query: `{ __typename ${'@aa'.repeat(10)} }` }), /(@aa.*){10}|"data"/],
    ['field duplication', (by) => post(by, { query: `{ ${'__typename '.repeat(500)} }` }), nothingIsAnswered],
    ['tracing', (by) => post(by, { query: '{ __typename }' }), /tracing/],
    ['unhandled errors', (by) => post(by, { query: 'qwerty { abc }' }), /exception|stack|at .*\.js/i],
    ['a mutation by GET', (by) => get(by, 'mutation { __typename }'), nothingIsAnswered],
    [
      'a query by POST that a form could send',
      (by) => post(by, 'query=%7B__typename%7D', 'application/x-www-form-urlencoded'),
      nothingIsAnswered,
    ],
  ])('%s is no finding, with a key or without', async (_, ask, finding) => {
    for (const authorization of [undefined, `Bearer ${key}`]) {
      const { status, text } = await ask(authorization);
      expect(text).not.toMatch(finding);
      expect(status).not.toBe(500);
    }
    passed += 1;
  });

  // What a stranger must not have, and whoever has a key may: the schema is no secret, but nobody's to load the server with.
  it.each<[check: string, ask: Ask, finding: RegExp]>([
    ['field suggestions', (by) => post(by, { query: '{ viewe { role } }' }), /did you mean/i],
    ['introspection', (by) => post(by, { query: getIntrospectionQuery() }), /"types"/],
    ['a query by GET', (by) => get(by, '{ __typename }'), nothingIsAnswered],
    ['a page for browsers', (by) => send(by, { headers: { accept: 'text/html' } }), /graphiql|playground/i],
  ])('%s is no finding for a stranger', async (_, ask, finding) => {
    const { status, text } = await ask(undefined);
    expect(text).not.toMatch(finding);
    expect([400, 401]).toContain(status);
    passed += 1;
  });

  it('introspection and suggestions are there for whoever has a key', async () => {
    const introspected = await post(`Bearer ${key}`, { query: getIntrospectionQuery() });
    expect(introspected.text).toContain('"CreateJobInput"');
    expect((await post(`Bearer ${key}`, { query: '{ viewe { role } }' })).text).toContain('Did you mean');
  });

  it('are 14', () => {
    expect(passed).toBe(CHECKS);
  });
});

describe('a body', () => {
  let api: TestApi;

  beforeAll(async () => {
    api = await startTestApi();
  });

  afterAll(() => api.stop());

  it('of a stranger is not read', async () => {
    const response = await fetch(`${api.address}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{ no JSON',
    });
    expect(response.status).toBe(401);
  });

  it('of a caller may be as deep as it likes', async () => {
    const { key } = await api.newKey('acme', 'VIEWER');
    const deep = `${'['.repeat(500_000)}${']'.repeat(500_000)}`;
    const response = await fetch(`${api.address}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: `{"query":"query ($id: ID!) { job(id: $id) { id } }","variables":{"id":${deep}}}`,
    });
    expect(((await response.json()) as { errors: { extensions: object }[] }).errors[0]?.extensions).toEqual({
      code: 'BAD_USER_INPUT',
    });
  });
});
