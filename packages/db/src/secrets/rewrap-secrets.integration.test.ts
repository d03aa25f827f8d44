import { randomBytes } from 'node:crypto';
import { SecretText } from '@ccluster/domain';
import { waitFor } from '@ccluster/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase, type Database } from '../connection/database.js';
import { encryptionKeyId } from '../connection/encryption-keys.js';
import { createSealer, type Sealer } from '../connection/sealer.js';
import { isSameSealing } from '../connection/sealer-envelope.js';
import { openDatabaseFixture, type DatabaseFixture } from '../testing/database-fixture.js';
import { createKeyedHash } from './keyed-hash.js';
import { rewrapSecrets, type RewrapProgress } from './rewrap-secrets.js';
import { SEALED_COLUMNS, sealContexts } from './sealed-columns.js';

const SECRETS = 4_000;
const [oldKey, newKey] = [randomBytes(32), randomBytes(32)];
const [oldId, newId] = [encryptionKeyId(oldKey), encryptionKeyId(newKey)];
const [onlyOld, oldFirst, newFirst, onlyNew] = [[oldKey], [oldKey, newKey], [newKey, oldKey], [newKey]].map((keys) =>
  createSealer(keys as [Buffer]),
) as [Sealer, Sealer, Sealer, Sealer];

let fixture: DatabaseFixture;
let database: Database;
beforeEach(async () => {
  fixture = await openDatabaseFixture();
  ({ database } = fixture);
});
afterEach(() => fixture.close());

const query = async (text: string, ...values: unknown[]) =>
  (await database.pool.query<Record<string, unknown>>(text, values)).rows;
const textOf = (id: string) => `the secret of ${id}, number 1`;
const sealedBy = (sealer: Sealer, id: string, text = textOf(id)) =>
  sealer.seal(new SecretText(text), sealContexts.jobSecrets(id));

/** One job stands for all: secrets are theirs by a key that is off for as long as a test seeds. */
async function seed(sealer: Sealer, ids: readonly string[]): Promise<void> {
  await query(
    `INSERT INTO job_secrets SELECT * FROM unnest($1::text[], $2::bytea[])`,
    ids,
    ids.map((id) => sealedBy(sealer, id)),
  );
}

const idsOf = (name: string, count: number) =>
  Array.from({ length: count }, (_, n) => `job_${name}${String(n).padStart(6, '0')}`);

async function withoutJobs(): Promise<void> {
  await query('ALTER TABLE job_secrets DROP CONSTRAINT job_secrets_job_id_jobs_id_fk');
}

async function addCluster(id: string, sealer: Sealer): Promise<void> {
  const [credentials, reader] = [sealContexts.credentials(id), sealContexts.readerCredentials(id)].map((context) =>
    sealer.seal(new SecretText(textOf(id)), context),
  );
  await query(
    `INSERT INTO clusters (id, name, display_name, region, namespace, kubernetes_version, system_uid, credentials,
      reader_credentials) VALUES ($1, $1, '', '', 'jobs', 'v1', $1, $2, $3)`,
    id,
    credentials,
    reader,
  );
}

const storedSecrets = async () => {
  const rows = await query('SELECT job_id, sealed FROM job_secrets');
  return new Map(rows.map((row) => [row['job_id'] as string, row['sealed'] as Buffer]));
};
const rewrap = (sealer = newFirst, db = database.db, onProgress: (progress: RewrapProgress) => void = () => {}) =>
  rewrapSecrets(db, sealer, onProgress);

describe('putting secrets under another key', () => {
  it('knows every column that holds sealed bytes', async () => {
    const columns = await query(
      `SELECT table_name || '.' || column_name AS name FROM information_schema.columns
        WHERE table_schema = 'public' AND data_type = 'bytea' ORDER BY 1`,
    );
    const notSealed = ['api_keys.secret_hash', 'idempotency_keys.input_hash', 'log_chunks.body'];
    const sealed = [
      'clusters.credentials',
      'clusters.reader_credentials',
      'installation_keys.sealed',
      'job_secrets.sealed',
    ];
    expect(columns.map(({ name }) => name)).toEqual([...notSealed, ...sealed].toSorted());
    expect(SEALED_COLUMNS).toHaveLength(sealed.length);
  });

  it('changes headers only, of all kinds of secrets; the new key alone opens them all, and the old one none', async () => {
    await withoutJobs();
    const ids = idsOf('a', SECRETS);
    await seed(onlyOld, ids);
    for (const id of ['cl_1', 'cl_2']) await addCluster(id, onlyOld);
    await query(`UPDATE clusters SET credentials = '', reader_credentials = '' WHERE id = 'cl_2'`);
    const hash = (await createKeyedHash(database.db, onlyOld)())('a');
    const before = await storedSecrets();
    const progress: string[] = [];
    const result = await rewrap(newFirst, database.db, (each) => progress.push(JSON.stringify(each)));
    expect(result).toEqual({
      rewrapped: SECRETS + 3,
      found: new Map([[newId, SECRETS + 3]]),
      unopened: 0,
      problems: [],
    });
    const after = await storedSecrets();
    expect([...after.keys()].toSorted()).toEqual(ids);
    for (const [id, sealed] of after) {
      expect(onlyNew.open(sealed, sealContexts.jobSecrets(id)).reveal()).toBe(textOf(id));
      expect(() => onlyOld.open(sealed, sealContexts.jobSecrets(id))).toThrow(newId);
      expect(isSameSealing(sealed, before.get(id)!)).toBe(true);
    }
    const [cluster, forgotten] = await query('SELECT credentials, reader_credentials FROM clusters ORDER BY id');
    const open = (column: string, context: string) => onlyNew.open(cluster![column] as Buffer, context).reveal();
    expect(open('credentials', sealContexts.credentials('cl_1'))).toBe(textOf('cl_1'));
    expect(open('reader_credentials', sealContexts.readerCredentials('cl_1'))).toBe(textOf('cl_1'));
    expect(forgotten).toEqual({ credentials: Buffer.alloc(0), reader_credentials: Buffer.alloc(0) });
    expect((await createKeyedHash(database.db, onlyNew)())('a')).toEqual(hash);
    expect(progress.length).toBeGreaterThan(SECRETS / 1_000);
    expect(progress.join('\n')).not.toContain('the secret of');
  });

  it('does nothing where there is nothing to do', async () => {
    await withoutJobs();
    await seed(newFirst, idsOf('a', 50));
    const before = await storedSecrets();
    expect(await rewrap()).toEqual({ rewrapped: 0, found: new Map([[newId, 50]]), unopened: 0, problems: [] });
    expect(await storedSecrets()).toEqual(before);
    await query('DELETE FROM job_secrets');
    expect(await rewrap()).toEqual({ rewrapped: 0, found: new Map(), unopened: 0, problems: [] });
  });

  it('is right while others insert, replace and delete, and a second run goes on beside it', async () => {
    await withoutJobs();
    const kept = idsOf('a', SECRETS);
    await seed(onlyOld, kept);
    const expected = new Map(kept.map((id) => [id, textOf(id)]));
    const writing = new AbortController();
    const counts = { inserted: 0, replaced: 0, deleted: 0 };
    const write = async (writer: number, of: Sealer) => {
      for (let n = 0; !writing.signal.aborted; n += 1) {
        const inserted = `job_${'0az'[n % 3]}_w${writer}_${n}`;
        await seed(of, [inserted]);
        expected.set(inserted, textOf(inserted));
        // Each writer has rows of its own, so that it knows what is in them.
        const id = kept[(n * 104_729 * 4 + writer) % SECRETS]!;
        if (!expected.has(id)) continue;
        if (n % 3 === 0) {
          await query('DELETE FROM job_secrets WHERE job_id = $1', id);
          expected.delete(id);
          counts.deleted += 1;
        } else {
          const text = `replaced ${n} by ${writer}`;
          await query('UPDATE job_secrets SET sealed = $2 WHERE job_id = $1', id, sealedBy(of, id, text));
          expected.set(id, text);
          counts.replaced += 1;
        }
        counts.inserted += 1;
      }
    };
    // As in the middle of a rotation: the last apis with the old order still write.
    const writers = [oldFirst, newFirst, oldFirst, newFirst].map((of, writer) => write(writer, of));
    await waitFor(async () => counts.inserted > 100, { timeoutMs: 20_000, what: 'the writers to have begun' });
    const during = await Promise.all([rewrap(), rewrap()]);
    writing.abort();
    await Promise.all(writers);
    expect(during[0].rewrapped + during[1].rewrapped).toBeGreaterThan(SECRETS / 2);
    const last = await rewrap();
    expect(last).toMatchObject({ found: new Map([[newId, expected.size]]), unopened: 0 });
    const stored = await storedSecrets();
    const opened = [...stored].map(([id, sealed]) => [id, onlyNew.open(sealed, sealContexts.jobSecrets(id)).reveal()]);
    expect(new Map(opened as [string, string][])).toEqual(expected);
    expect(Math.min(counts.replaced, counts.deleted)).toBeGreaterThan(10);
    console.log(`${SECRETS} secrets; meanwhile ${JSON.stringify(counts)}, ${last.rewrapped} left for the last run`);
  });

  it('goes on where a run was broken off', async () => {
    await withoutJobs();
    const ids = idsOf('a', SECRETS);
    await seed(onlyOld, ids);
    await query(`CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$`);
    await query(`CREATE TRIGGER die BEFORE UPDATE ON job_secrets FOR EACH ROW
      WHEN (OLD.job_id = '${ids[2_500]}') EXECUTE FUNCTION die()`);
    const own = openDatabase({ url: fixture.url, maxConnections: 1, applicationName: 'dying', onIdleError: () => {} });
    await expect(rewrap(newFirst, own.db)).rejects.toThrow();
    await own.close();
    await query('DROP TRIGGER die ON job_secrets');
    const keyIds = [...(await storedSecrets()).values()].map((sealed) => sealed.subarray(1, 9).toString('hex'));
    expect(new Set(keyIds)).toEqual(new Set([newId, oldId]));
    const { rewrapped, found } = await rewrap();
    expect(rewrapped).toBe(keyIds.filter((keyId) => keyId === oldId).length);
    expect(found).toEqual(new Map([[newId, SECRETS]]));
    for (const [id, sealed] of await storedSecrets())
      expect(onlyNew.open(sealed, sealContexts.jobSecrets(id)).reveal()).toBe(textOf(id));
  });

  it('waits for nobody, leaves alone what it cannot open, and says what is left under which key', async () => {
    await withoutJobs();
    const [strange, damaged, older, held, fine] = idsOf('a', 5) as [string, string, string, string, string];
    const unknown = randomBytes(32);
    await seed(createSealer([unknown]), [strange]);
    await seed(onlyOld, [damaged, older, held, fine]);
    await query(
      'UPDATE job_secrets SET sealed = set_byte(sealed, 40, 255 - get_byte(sealed, 40)) WHERE job_id = $1',
      damaged,
    );
    await query('UPDATE job_secrets SET sealed = set_byte(sealed, 0, 1) WHERE job_id = $1', older);
    const before = await storedSecrets();
    const holder = await database.pool.connect();
    await holder.query('BEGIN');
    await holder.query('SELECT * FROM job_secrets WHERE job_id = $1 FOR UPDATE', [held]);
    const startMs = performance.now();
    const result = await rewrap();
    expect(performance.now() - startMs).toBeLessThan(4_500);
    await holder.query('COMMIT');
    holder.release();
    expect(result).toMatchObject({ rewrapped: 1, unopened: 3 });
    expect(result.found).toEqual(
      new Map([
        [newId, 1],
        [oldId, 2],
        [encryptionKeyId(unknown), 1],
        ['none', 1],
      ]),
    );
    expect(result.problems.join('\n')).toMatch(
      new RegExp(
        `${strange} is sealed with the encryption key ${encryptionKeyId(unknown)}.*` +
          `${damaged} cannot be opened.*${older} is not sealed in a form`,
        's',
      ),
    );
    expect((await rewrap()).found).toEqual(
      new Map([
        [newId, 2],
        [oldId, 1],
        [encryptionKeyId(unknown), 1],
        ['none', 1],
      ]),
    );
    const after = await storedSecrets();
    for (const id of [strange, damaged, older]) expect(after.get(id)).toEqual(before.get(id));
  });
});
