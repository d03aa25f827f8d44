import { waitFor } from '@ccluster/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startWatchedServer, type WatchedServer } from './testing/watched-server.js';

let watched: WatchedServer;

beforeAll(async () => {
  watched = await startWatchedServer('namespaces-test');
});
afterAll(() => watched.stop());

it('a cluster with a namespace for each organization is watched as a whole, and another in its namespace', async () => {
  const listed = new Set<string>();
  const note = ({ path, kind, isWatch }: { path: string; kind: string; isWatch: boolean }) => {
    if (kind !== '' && !isWatch) listed.add(path);
    return false;
  };
  watched.server.show('one', { systemUid: 'uid-one', behave: note });
  const { id } = await watched.register('one');
  const nodesAndPods = ['/api/v1/nodes', '/api/v1/pods'];
  const lists = (paths: string[]) =>
    waitFor(() => paths.every((path) => listed.has(path)), { timeoutMs: 10_000, what: paths.join() });
  await lists([
    ...nodesAndPods,
    '/apis/batch/v1/namespaces/ccluster-jobs/jobs',
    '/api/v1/namespaces/ccluster-jobs/events',
  ]);
  listed.clear();
  await watched.query(`UPDATE clusters SET namespace = 'jobs-{organization}' WHERE id = $1`, id);
  const whole = [...nodesAndPods, '/apis/batch/v1/jobs', '/api/v1/events'];
  await lists(whole);
  expect([...listed].toSorted()).toEqual(whole.toSorted());
});
