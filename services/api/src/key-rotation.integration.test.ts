import { randomBytes } from 'node:crypto';
import { createSealer, encryptionKeyId, rewrapSecrets, type EncryptionKeys } from '@ccluster/db';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusalsOf } from './testing/issues.js';
import { resultOf } from './testing/result-of.js';
import { askForJob, life, record } from './testing/seed-job.js';
import { startTestApi, type TestApi } from './testing/start-test-api.js';
import type { TestCaller } from './testing/test-caller.js';

const [oldKey, newKey, strangeKey] = [randomBytes(32), randomBytes(32), randomBytes(32)];
const SECRET = 'canary-7d2a';
const input = { name: 'remembered', requestId: 'once', env: [{ name: 'TOKEN', value: SECRET }] };

describe('apis with other encryption keys', () => {
  let api: TestApi;
  let submitter: TestCaller;
  beforeAll(async () => {
    api = await startTestApi({ encryptionKeys: [oldKey] });
    submitter = await api.newCaller('acme', 'SUBMITTER');
  });
  afterAll(() => api.stop());

  const idFrom = async (caller: TestCaller, more: object = {}) =>
    resultOf(await askForJob(caller, { ...input, ...more }), 'createJob')['id'] as string;
  const withKeys = async <T>(keys: EncryptionKeys, work: (caller: TestCaller, address: string) => Promise<T>) => {
    const another = await api.startAnother(keys);
    try {
      return await work(another.callerOf(submitter), another.address);
    } finally {
      await another.stop();
    }
  };

  it('answer a repeated request with its job at every step of a rotation, and run a job of before again', async () => {
    const id = await idFrom(submitter);
    await record(api.database, id, ...life.toRunning, ...life.toEnd);
    const steps: EncryptionKeys[] = [
      [oldKey, newKey],
      [newKey, oldKey],
    ];
    for (const keys of steps) expect(await withKeys(keys, (caller) => idFrom(caller))).toBe(id);
    const sealer = createSealer([newKey, oldKey]);
    const { found, unopened } = await rewrapSecrets(api.database.db, sealer, () => {});
    expect([[...found.keys()], unopened]).toEqual([[encryptionKeyId(newKey)], 0]);
    await withKeys([newKey], async (caller) => {
      expect(await idFrom(caller)).toBe(id);
      expect(refusalsOf(await askForJob(caller, { ...input, completions: 2 }))).toEqual(['REQUEST_ID_CONFLICT']);
      const rerun = 'mutation ($id: ID!) { rerunJob(id: $id, input: { name: "again" }) { id } }';
      expect(refusalsOf(await caller.ask(rerun, { id }))).toEqual([]);
    });
    expect(api.logged()).not.toContain('no job can be created here');
  });

  it('are alive and not ready without the key that is needed, and say which', async () => {
    await withKeys([strangeKey], async (caller, address) => {
      const ready = await fetch(`${address}/readyz`);
      expect([ready.status, await ready.json()]).toEqual([503, { failed: ['encryptionKey'] }]);
      expect((await fetch(`${address}/livez`)).status).toBe(200);
      expect(refusalsOf(await askForJob(caller, { name: 'refused' }))).toEqual(['INTERNAL']);
      expect(refusalsOf(await caller.ask('{ jobs { edges { node { name } } } }'))).toEqual([]);
    });
    expect(api.logged()).toMatch(/no job can be created here/);
    expect(api.logged()).toContain(`(has ${encryptionKeyId(strangeKey)})`);
    for (const key of [oldKey, newKey, strangeKey]) expect(api.logged()).not.toContain(key.toString('base64'));
    expect(api.logged()).not.toContain(SECRET);
  });
});
