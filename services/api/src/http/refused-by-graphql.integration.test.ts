import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../testing/start-test-api.js';
import type { TestCaller } from '../testing/test-caller.js';

const CREATE = 'mutation ($input: CreateJobInput!) { createJob(input: $input) { id } }';
const minimal = { name: 'a', imageUrl: 'b', imageTag: 'c' };

describe('what GraphQL itself refuses', () => {
  let api: TestApi;
  let caller: TestCaller;

  beforeAll(async () => {
    api = await startTestApi();
    caller = await api.newCaller('acme', 'SUBMITTER');
  });

  afterAll(() => api.stop());

  it.each([
    ['another type', { ...minimal, completions: 'many' }],
    ['a number beyond Int', { ...minimal, backoffLimit: 2 ** 31 }],
    ['a field that is not there', { ...minimal, replicas: 3 }],
    ['a field that is missing', { name: 'a' }],
  ])('has a code and no issues: %s', async (_, input) => {
    const [error] = (await caller.ask(CREATE, { input })).errors ?? [];
    expect(error?.extensions).toEqual({ code: 'BAD_USER_INPUT' });
  });

  it('is a subscription over HTTP, which is no fault of ours', async () => {
    const { status, errors } = await caller.ask('subscription { jobUpdates { cursor } }');
    expect([status, errors?.[0]?.extensions]).toEqual([400, { code: 'BAD_USER_INPUT' }]);
    expect(errors?.[0]?.message).toContain('WebSocket');
    expect(api.logged()).not.toContain('an operation failed');
  });
});
