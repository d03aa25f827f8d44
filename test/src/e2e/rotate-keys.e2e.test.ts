import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createTestDatabase, readTestEnvironment, testRedisPrefix, type TestDatabase } from '@ccluster/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createKey } from '../support/create-key.js';
import { startService, type ServiceProcess } from '../support/service-process.js';

const [oldKey, newKey] = [randomBytes(32).toString('base64'), randomBytes(32).toString('base64')];
const SECRET = 'canary-55e1c0';
const program = new URL('../../../services/api/dist/rewrap-keys.js', import.meta.url).pathname;

let database: TestDatabase;
let env: Record<string, string>;
let api: ServiceProcess;
let key: string;

beforeAll(async () => {
  database = await createTestDatabase();
  env = {
    DATABASE_URL: database.url,
    REDIS_URL: readTestEnvironment().redisUrl,
    REDIS_PREFIX: testRedisPrefix(),
    CCLUSTER_ENCRYPTION_KEY: oldKey,
  };
  key = await createKey(env, 'rotating', 'OPERATOR');
  api = await startService('api', 'rotate-keys', env);
});
afterAll(async () => {
  await api.stop();
  await database.drop();
});

const createJob = async () => {
  const input =
    `{ name: "kept", requestId: "kept", imageUrl: "busybox", imageTag: "1", ` +
    `env: [{ name: "TOKEN", value: "${SECRET}" }] }`;
  const response = await fetch(`${api.address}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({ query: `mutation { createJob(input: ${input}) { id } }` }),
  });
  return (await response.json()) as object;
};

/** As `npm run keys:rewrap` does. */
const rewrap = (keys: string) =>
  new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    const own = { env: { DATABASE_URL: database.url, CCLUSTER_ENCRYPTION_KEY: keys } };
    const child = execFile(process.execPath, [program], own, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode, stdout, stderr }),
    );
  });

it('a key is replaced step by step while the api serves, and the old one is needed no more', async () => {
  const created = await createJob();
  expect(created).toEqual({ data: { createJob: { id: expect.stringMatching(/^job_/) } } });
  // As one file has them: a key a line.
  for (const keys of [`${oldKey}\n${newKey}\n`, `${newKey}\n${oldKey}\n`]) {
    await api.stop();
    await api.start({ CCLUSTER_ENCRYPTION_KEY: keys });
    expect(await createJob()).toEqual(created);
  }
  const without = await rewrap(newKey);
  expect(without).toMatchObject({ code: 1, stderr: expect.stringContaining('which is not here') });
  const outputs = [without, await rewrap(`${newKey},${oldKey}`), await rewrap(`${newKey},${oldKey}`)];
  const [, first, second] = outputs.map(({ stdout }) => JSON.parse(stdout.trim().split('\n')[0] ?? '') as object);
  expect(outputs.map(({ code }) => code)).toEqual([1, 0, 0]);
  const id = expect.stringMatching(/^[0-9a-f]{16}$/);
  expect(first).toEqual({ key: id, rewrapped: 2, secretsByKey: expect.anything(), unopened: 0 });
  expect(second).toMatchObject({ rewrapped: 0 });
  expect(Object.values((first as { secretsByKey: Record<string, number> }).secretsByKey)).toEqual([2, 0]);
  await api.stop();
  await api.start({ CCLUSTER_ENCRYPTION_KEY: newKey });
  expect(await createJob()).toEqual(created);
  const all = JSON.stringify(outputs) + readFileSync(api.logFile, 'utf8');
  for (const hidden of [SECRET, oldKey, newKey]) expect(all).not.toContain(hidden);
});
