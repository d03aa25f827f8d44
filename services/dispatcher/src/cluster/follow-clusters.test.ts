import { expect, it } from 'vitest';
import { createClusterFollower } from './follow-clusters.js';

function access(id: string, credentials: string) {
  const sealedCredentials = Buffer.from(credentials);
  return { id, name: id, systemUid: id, sealedCredentials, namespace: 'jobs', organizationId: null, isRemoved: false };
}

it('has a cluster called at once when its credentials are new, also where none of its connections ever opened', async () => {
  const forgotten: string[] = [];
  const refreshed: number[] = [];
  const follow = createClusterFollower(
    { refresh: (registered) => Promise.resolve(void refreshed.push(registered.length)) },
    { forget: (id) => void forgotten.push(id) },
  );
  await follow([access('a', 'first'), access('b', 'first')]);
  await follow([access('a', 'first'), access('b', 'first'), access('c', 'first')]);
  expect(forgotten).toEqual([]);
  await follow([access('a', 'second'), access('b', 'first')]);
  expect(forgotten).toEqual(['a']);
  expect(refreshed).toEqual([2, 3, 2]);
});
