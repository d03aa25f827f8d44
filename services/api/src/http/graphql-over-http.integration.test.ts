import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../testing/start-test-api.js';

const AUDITS = 61;

describe('GraphQL over HTTP', () => {
  let api: TestApi;
  let authorization: string;
  let passed = 0;

  beforeAll(async () => {
    api = await startTestApi();
    authorization = `Bearer ${(await api.newKey('acme', 'VIEWER')).key}`;
  });

  afterAll(async () => {
    console.log(`GraphQL over HTTP: ${passed} of ${AUDITS} audits passed`);
    await api.stop();
  });

  const audits = serverAudits({
    url: () => `${api.address}/graphql`,
    // Every audit is of a caller who may ask: without a key there is nothing but 401.
    fetchFn: (url: string, init?: RequestInit) =>
      fetch(url, { ...init, headers: { ...(init?.headers as Record<string, string>), authorization } }),
  });

  it('has as many audits as are counted on', () => {
    expect(audits).toHaveLength(AUDITS);
  });

  it.each(audits.map((audit) => [audit.id, audit.name, audit] as const))('%s: %s', async (_id, _name, audit) => {
    const result = await audit.fn();
    if (result.status === 'ok') passed += 1;
    else await result.response.body?.cancel();
    expect(result).toMatchObject({ status: 'ok' });
  });
});
