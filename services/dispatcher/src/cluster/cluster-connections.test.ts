import { randomBytes } from 'node:crypto';
import type { ClusterAccess } from '@ccluster/db';
import { describe, expect, it } from 'vitest';
import { FakeCluster } from '../testing/fake-cluster.js';
import { createClusterConnections, type ClusterConnections } from './cluster-connections.js';
import { ClusterFault } from './cluster-fault.js';

const { signal } = new AbortController();

/** Another key changes these bytes of what is sealed, and no others. */
const HEADER_BYTES = 69;

function access(id: string, credentials = 'first'): ClusterAccess {
  const sealedCredentials = Buffer.concat([randomBytes(HEADER_BYTES), Buffer.from(credentials)]);
  const rest = { systemUid: id, namespace: 'jobs', organizationId: null, isUnreachable: false, isRemoved: false };
  return { id, name: id, sealedCredentials, ...rest };
}

/** Connections to whatever is registered, with a count of what is open. */
function openConnections(registered: Map<string, ClusterAccess>, identity?: ClusterFault) {
  const open: string[] = [];
  const closed: string[] = [];
  const connections = createClusterConnections(
    (id) => Promise.resolve(registered.get(id)),
    ({ id, sealedCredentials }) => {
      const name = `${id}/${sealedCredentials.subarray(HEADER_BYTES).toString()}`;
      open.push(name);
      const writer = new FakeCluster();
      if (identity !== undefined) writer.interfere('verifyIdentity', identity);
      return { writer, close: () => Promise.resolve(void closed.push(name)) };
    },
  );
  return { connections, open, closed };
}

const use = (connections: ClusterConnections, id: string) =>
  connections.run(id, signal, (writer) => Promise.resolve(writer));

describe('cluster connections', () => {
  it('are opened once, at first use, also for two jobs at once', async () => {
    const { connections, open, closed } = openConnections(new Map([['a', access('a')]]));
    const [first, second] = await Promise.all([use(connections, 'a'), use(connections, 'a')]);
    expect(first).toBe(second);
    expect(await use(connections, 'a')).toBe(first);
    expect(open.length - closed.length).toBe(1);
  });

  it('are opened anew with changed credentials, and kept with the same, also under another key', async () => {
    const registered = new Map([['a', access('a')]]);
    const { connections, open, closed } = openConnections(registered);
    await use(connections, 'a');
    await connections.refresh([access('a')]);
    expect(closed).toEqual([]);
    registered.set('a', access('a', 'second'));
    await connections.refresh([...registered.values()]);
    await use(connections, 'a');
    expect({ open, closed }).toEqual({ open: ['a/first', 'a/second'], closed: ['a/first'] });
  });

  it('that are replaced end the calls that are under way first, while others use the new one', async () => {
    const registered = new Map([['a', access('a')]]);
    const { connections, open, closed } = openConnections(registered);
    await use(connections, 'a');
    const under = Promise.withResolvers<void>();
    const calls = [1, 2].map(() => connections.run('a', signal, () => under.promise));
    registered.set('a', access('a', 'second'));
    await connections.refresh([...registered.values()]);
    await use(connections, 'a');
    expect(open.filter((name) => !closed.includes(name))).toEqual(['a/first', 'a/second']);
    under.resolve();
    await Promise.all(calls);
    expect(open.filter((name) => !closed.includes(name))).toEqual(['a/second']);
  });

  it('are not kept where their credentials were replaced while they were being opened', async () => {
    const registered = new Map([['a', access('a')]]);
    const { connections, open, closed } = openConnections(registered);
    const opening = use(connections, 'a');
    registered.set('a', access('a', 'second'));
    await connections.refresh([...registered.values()]);
    await opening;
    await use(connections, 'a');
    expect(open.filter((name) => !closed.includes(name))).toEqual(['a/second']);
  });

  it('are closed when their cluster is removed, and not opened again', async () => {
    const registered = new Map([['a', access('a')]]);
    const { connections, closed } = openConnections(registered);
    await use(connections, 'a');
    registered.clear();
    await connections.refresh([]);
    expect(closed).toEqual(['a/first']);
    await expect(use(connections, 'a')).rejects.toMatchObject({ kind: 'REMOVED' });
  });

  it('are not kept to another cluster than the registered one', async () => {
    const another = new ClusterFault('UNREACHABLE', 'another cluster');
    const { connections, open, closed } = openConnections(new Map([['a', access('a')]]), another);
    await expect(use(connections, 'a')).rejects.toBe(another);
    expect(closed).toEqual(open);
  });

  it('end all together', async () => {
    const { connections, closed } = openConnections(
      new Map([
        ['a', access('a')],
        ['b', access('b')],
      ]),
    );
    await use(connections, 'a');
    await use(connections, 'b');
    void connections.run('a', signal, () => new Promise(() => {}));
    await connections.refresh([]);
    expect(closed).toEqual(['b/first']);
    await connections.close();
    expect(closed).toEqual(['b/first', 'a/first']);
  });
});
