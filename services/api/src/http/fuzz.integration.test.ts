import 'reflect-metadata';
import { describeFuzz, fuzzEndpoint } from '@ccluster/testkit';
import { buildSchema } from 'graphql';
import { expect, it } from 'vitest';
import { printApiSchema } from '../schema.js';
import { startTestApi } from '../testing/start-test-api.js';

const DOCUMENTS = 1_000;
const TIMEOUT_MS = 300_000;

it(
  `answers ${DOCUMENTS} documents, half of the grammar and half of mutated bytes, without a fault`,
  async () => {
    const api = await startTestApi();
    try {
      const { key } = await api.newKey('acme', 'OPERATOR');
      const seed = Math.floor(Math.random() * 2 ** 31);
      const schema = buildSchema(printApiSchema());
      const report = await fuzzEndpoint({ address: api.address, apiKey: key, schema, documents: DOCUMENTS, seed });
      console.log(describeFuzz(report));
      expect(report.findings).toEqual([]);
      expect((await fetch(`${api.address}/readyz`)).status).toBe(200);
    } finally {
      await api.stop();
    }
  },
  TIMEOUT_MS,
);
