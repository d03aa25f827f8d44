import { waitFor } from '@ccluster/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startWatchedServer, type WatchedServer } from './testing/watched-server.js';

let watched: WatchedServer;

beforeAll(async () => {
  watched = await startWatchedServer('credentials-test');
});
afterAll(() => watched.stop());

it('are used within seconds, without a restart, and the cluster never looks lost; those before are used no more', async () => {
  const { server, query } = watched;
  for (const token of ['old', 'new']) server.show(token, { systemUid: 'uid-one' });
  const { id } = await watched.register('old', 'uid-one');
  const untilRoom = async (pods: number) => {
    server.setPods(pods);
    const isSeen = async () =>
      (await query('SELECT room FROM instance_types WHERE cluster_id = $1', id))[0]?.['room'] === pods;
    await waitFor(isSeen, { timeoutMs: 20_000, what: 'a change of the cluster to be seen' });
  };
  await untilRoom(7);
  expect(server.requests('new')).toBe(0);

  server.hide('old');
  await watched.replaceToken(id, 'new');
  const startMs = performance.now();
  await untilRoom(8);
  expect(performance.now() - startMs).toBeLessThan(10_000);
  expect(server.requests('new')).toBeGreaterThan(3);
  const requests = server.requests('old');
  await untilRoom(9);
  expect(server.requests('old')).toBe(requests);
  expect(await query('SELECT unreachable_since, last_seen_at > created_at AS seen FROM clusters')).toEqual([
    { unreachable_since: null, seen: true },
  ]);
  expect(await query('SELECT holder, epoch FROM cluster_leases')).toEqual([{ holder: 'first', epoch: 2 }]);
});
