import type { ClusterAccess } from '@ccluster/db';
import { describe, expect, it } from 'vitest';
import { FakeCluster } from '../testing/fake-cluster.js';
import { createClusterConnections } from './cluster-connections.js';
import { ClusterFault } from './cluster-fault.js';

const { signal } = new AbortController();

function access(id: string, credentials = 'first'): ClusterAccess {
  const sealedCredentials = Buffer.from(credentials);
  return { id, name: id, systemUid: id, sealedCredentials, namespace: 'jobs', organizationId: null };
}

/** Connections to whatever is registered, with a count of what is open. */
function openConnections(registered: Map<string, ClusterAccess>, identity?: ClusterFault) {
  const open: string[] = [];
  const closed: string[] = [];
  const connections = createClusterConnections(
    (id) => Promise.resolve(registered.get(id)),
    ({ id, sealedCredentials }) => {
      const name = `${id}/${sealedCredentials.toString()}`;
      open.push(name);
      const writer = new FakeCluster();
      if (identity !== undefined) writer.interfere('verifyIdentity', identity);
      return { writer, close: () => Promise.resolve(void closed.push(name)) };
    },
  );
  return { connections, open, closed };
}

describe('cluster connections', () => {
  it('are opened once, at first use, also for two jobs at once', async () => {
    const { connections, open, closed } = openConnections(new Map([['a', access('a')]]));
    const [first, second] = await Promise.all([connections.get('a', signal), connections.get('a', signal)]);
    expect(first).toBe(second);
    expect(await connections.get('a', signal)).toBe(first);
    expect(open.length - closed.length).toBe(1);
  });

  it('are opened anew with changed credentials, and kept with the same', async () => {
    const registered = new Map([['a', access('a')]]);
    const { connections, open, closed } = openConnections(registered);
    await connections.get('a', signal);
    await connections.refresh([access('a')]);
    expect(closed).toEqual([]);
    registered.set('a', access('a', 'second'));
    await connections.refresh([...registered.values()]);
    await connections.get('a', signal);
    expect({ open, closed }).toEqual({ open: ['a/first', 'a/second'], closed: ['a/first'] });
  });

  it('are closed when their cluster is removed, and not opened again', async () => {
    const registered = new Map([['a', access('a')]]);
    const { connections, closed } = openConnections(registered);
    await connections.get('a', signal);
    registered.clear();
    await connections.refresh([]);
    expect(closed).toEqual(['a/first']);
    await expect(connections.get('a', signal)).rejects.toMatchObject({ kind: 'UNREACHABLE' });
  });

  it('are not kept to another cluster than the registered one', async () => {
    const another = new ClusterFault('UNREACHABLE', 'another cluster');
    const { connections, open, closed } = openConnections(new Map([['a', access('a')]]), another);
    await expect(connections.get('a', signal)).rejects.toBe(another);
    expect(closed).toEqual(open);
  });

  it('end all together', async () => {
    const { connections, closed } = openConnections(
      new Map([
        ['a', access('a')],
        ['b', access('b')],
      ]),
    );
    await connections.get('a', signal);
    await connections.get('b', signal);
    await connections.close();
    expect(closed).toEqual(['a/first', 'b/first']);
  });
});
