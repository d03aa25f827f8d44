import { readFileSync } from 'node:fs';
import { describeFuzz, fuzzEndpoint } from '@ccluster/testkit';
import { buildSchema } from 'graphql';
import { startApiAlone } from './start-api-alone.js';

const schemaFile = new URL('../../../schema.graphql', import.meta.url);

/** 10,000 documents against an api. @param seed repeats one run's documents */
async function fuzzApi(documents: number, seed: number): Promise<void> {
  const api = await startApiAlone('fuzz', { CHECKING_MS_PER_SECOND: '1000000' });
  try {
    const apiKey = await api.newKey('fuzz', 'OPERATOR');
    const schema = buildSchema(readFileSync(schemaFile, 'utf8'));
    const report = await fuzzEndpoint({ address: api.address, apiKey, schema, documents, seed });
    console.log(describeFuzz(report));
    if (report.findings.length > 0) process.exitCode = 1;
    const { status } = await fetch(`${api.address}/readyz`);
    console.log(`      afterwards /readyz answers ${status}`);
  } finally {
    await api.stop();
  }
}

const [documents = '10000', seed = String(Math.floor(Math.random() * 2 ** 31))] = process.argv.slice(2);
await fuzzApi(Number(documents), Number(seed));
