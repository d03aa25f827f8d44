import { expect, it } from 'vitest';
import { createClusterFollower } from './follow-clusters.js';

function access(id: string, credentials: string, isUnreachable = false) {
  const sealedCredentials = Buffer.from(credentials);
  const rest = { systemUid: id, namespace: 'jobs', organizationId: null, isRemoved: false };
  return { id, name: id, sealedCredentials, isUnreachable, ...rest };
}

function startFollowing() {
  const done: string[] = [];
  const follow = createClusterFollower(
    { refresh: (registered) => Promise.resolve(void done.push(`refresh ${registered.length}`)) },
    { forget: (id) => void done.push(`forget ${id}`) },
    (id) => Promise.resolve(void done.push(`wake ${id}`)),
  );
  return { done, follow };
}

it('has a cluster called at once when its credentials are new, also where none of its connections ever opened', async () => {
  const { done, follow } = startFollowing();
  await follow([access('a', 'first'), access('b', 'first')]);
  await follow([access('a', 'first'), access('b', 'first'), access('c', 'first')]);
  await follow([access('a', 'second'), access('b', 'first')]);
  expect(done).toEqual(['refresh 2', 'refresh 3', 'refresh 2', 'forget a', 'wake a']);
});

it('has a cluster called at once that the watcher reaches again, and what waits for it with it', async () => {
  const { done, follow } = startFollowing();
  await follow([access('a', 'same'), access('b', 'same', true)]);
  await follow([access('a', 'same', true), access('b', 'same', true)]);
  await follow([access('a', 'same', true), access('b', 'same')]);
  expect(done).toEqual(['refresh 2', 'refresh 2', 'refresh 2', 'forget b', 'wake b']);
});

it('wakes again what it could not wake', async () => {
  const woken: string[] = [];
  let isDown = true;
  const wake = (id: string) => (isDown ? Promise.reject(new Error('no PostgreSQL')) : Promise.resolve(woken.push(id)));
  const follow = createClusterFollower({ refresh: () => Promise.resolve() }, { forget: () => undefined }, wake);
  await follow([access('a', 'same', true)]);
  await expect(follow([access('a', 'same')])).rejects.toThrow('no PostgreSQL');
  isDown = false;
  await follow([access('a', 'same')]);
  expect(woken).toEqual(['a']);
});
