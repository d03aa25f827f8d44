import { randomBytes } from 'node:crypto';
import { createSealer, rewrapSecrets } from '@ccluster/db';
import { sleep } from '@ccluster/runtime';
import { aJobSpec, waitFor } from '@ccluster/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { insertPlacedJob, placementIn, recordAll } from './testing/armed-job.js';
import { startWatchedServer, type WatchedServer } from './testing/watched-server.js';

let watched: WatchedServer;
beforeEach(async () => {
  watched = await startWatchedServer('keys-test');
  watched.server.show('canary-token', { systemUid: 'uid-canary-token' });
});
afterEach(() => watched.stop());

const clusterRow = async () => {
  const [row] = await watched.query(
    `SELECT unreachable_message AS message, last_seen_at > created_at AS seen, holder, epoch, expires_at > now() AS held
      FROM clusters LEFT JOIN cluster_leases ON cluster_id = id`,
  );
  return row!;
};
const until = (what: string, is: (row: Record<string, unknown>) => boolean) =>
  waitFor(async () => is(await clusterRow()), { timeoutMs: 20_000, what });

describe('a cluster whose credentials cannot be read', () => {
  it('is told of, kept from nobody, and watched as soon as somebody has the key', async () => {
    const sealing = createSealer([watched.key]);
    const cluster = await watched.register('canary-token');
    await until('the cluster to be watched', ({ seen }) => seen === true);
    const jobId = await insertPlacedJob(watched.database, cluster, aJobSpec());
    const placement = placementIn(cluster);
    await recordAll(watched.database, jobId, [{ type: 'ARMED', kubernetesUid: 'uid', placement }]);
    await watched.watches[0]!.stop();

    watched.watch('blind', [randomBytes(32)], 1_000);
    await until('it to be unreachable, and free', ({ message, held }) => message !== null && held === false);
    const { message, epoch } = await clusterRow();
    expect(message).toContain(`is sealed with the encryption key ${sealing.keyId}, which is not here: add it to`);
    const [job] = await watched.query(`SELECT state -> 'reason' AS reason FROM jobs`);
    expect(job).toMatchObject({ reason: { code: 'CLUSTER_UNREACHABLE', message } });
    await sleep(2_000);
    expect(await clusterRow()).toMatchObject({ epoch, held: false });
    expect(watched.logged().split('left to other watchers')).toHaveLength(2);

    watched.watch('sighted', [watched.key], 1_000);
    await until('it to be watched', ({ message: told }) => told === null);
    await sleep(2_000);
    expect(await clusterRow()).toMatchObject({ holder: 'sighted', held: true, epoch: Number(epoch) + 1 });
    expect(watched.logged()).not.toContain('canary-token');
  });

  it('is watched without a restart once they are put under a key that is here', async () => {
    await watched.watches[0]!.stop();
    const key = randomBytes(32);
    watched.watch('blind', [key], 1_000);
    await watched.register('canary-token');
    await until('it to be unreachable', ({ message }) => message !== null);
    await rewrapSecrets(watched.database.db, createSealer([key, watched.key]), () => {});
    await until('it to be watched', ({ message, seen }) => message === null && seen === true);
    expect(await clusterRow()).toMatchObject({ holder: 'blind', held: true });
  });
});

it('A watch goes on while the credentials are put under another key', async () => {
  await watched.register('canary-token');
  await until('the cluster to be watched', ({ seen }) => seen === true);
  const before = await clusterRow();
  const { rewrapped } = await rewrapSecrets(
    watched.database.db,
    createSealer([randomBytes(32), watched.key]),
    () => {},
  );
  expect(rewrapped).toBe(1);
  await sleep(2_000);
  expect(await clusterRow()).toMatchObject({ holder: 'first', epoch: before['epoch'], held: true, message: null });
});
