import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSealer } from '../connection/sealer.js';
import { openDatabaseFixture, type DatabaseFixture } from '../testing/database-fixture.js';
import { createKeyedHash } from './keyed-hash.js';
import { rewrapSecrets } from './rewrap-secrets.js';

const [first, second] = [randomBytes(32), randomBytes(32)];

describe('the keyed hash of an installation', () => {
  let fixture: DatabaseFixture;
  beforeAll(async () => {
    fixture = await openDatabaseFixture();
  });
  afterAll(() => fixture.close());
  beforeEach(() => fixture.database.pool.query('DELETE FROM installation_keys'));

  const hashWith = async (...[key, ...others]: [Buffer, ...Buffer[]]) =>
    (await createKeyedHash(fixture.database.db, createSealer([key, ...others]))())('a').toString('hex');

  it('is the same in every process and under every encryption key, once its key is put under that', async () => {
    const [hash, ...same] = await Promise.all(Array.from({ length: 8 }, () => hashWith(first)));
    expect(new Set(same)).toEqual(new Set([hash]));
    expect(await hashWith(second, first)).toBe(hash);
    await rewrapSecrets(fixture.database.db, createSealer([second, first]), () => {});
    expect(await hashWith(second)).toBe(hash);
  });

  it('is another in another installation, and for another text', async () => {
    const sealer = createSealer([first]);
    const keyedHash = await createKeyedHash(fixture.database.db, sealer)();
    expect(keyedHash('b')).not.toEqual(keyedHash('a'));
    await fixture.database.pool.query('DELETE FROM installation_keys');
    expect(await hashWith(first)).not.toBe(keyedHash('a').toString('hex'));
  });

  it('is there as soon as one of the encryption keys opens its key, and no other key is made meanwhile', async () => {
    const hash = await hashWith(first);
    const keyedHash = createKeyedHash(fixture.database.db, createSealer([second]));
    await expect(keyedHash()).rejects.toThrow('is sealed with the encryption key');
    await rewrapSecrets(fixture.database.db, createSealer([second, first]), () => {});
    expect((await keyedHash())('a').toString('hex')).toBe(hash);
  });
});
