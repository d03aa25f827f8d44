import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { startTestApi, type TestApi } from '../testing/start-test-api.js';
import { KnownDocuments } from './known-documents.js';

const VALID = 'query Valid { viewer { principal } }';
const INVALID = 'query Invalid { nothing }';

let api: TestApi;

beforeAll(async () => {
  api = await startTestApi();
});

afterAll(() => api.stop());

it('a document that was valid is not looked at again, whoever sends it; one that was not, each time', async () => {
  const look = vi.spyOn(KnownDocuments.prototype, 'look');
  const callers = [await api.newCaller('acme', 'VIEWER'), await api.newCaller('umbrella', 'VIEWER')];
  for (const document of [VALID, INVALID]) {
    for (const caller of [...callers, ...callers]) await caller.ask(document);
  }
  const looked = look.mock.calls.map(([, document]) => document);
  expect(looked).toEqual([VALID, ...Array.from({ length: 4 }, () => INVALID)]);
});
