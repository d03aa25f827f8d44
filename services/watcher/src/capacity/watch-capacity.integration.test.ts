import { randomUUID } from 'node:crypto';
import {
  changeInstanceType,
  openDatabase,
  takeClusterLease,
  withTransaction,
  type ClusterLease,
  type Database,
} from '@ccluster/db';
import { createLogger, withoutCrash } from '@ccluster/runtime';
import { createTestDatabase } from '@ccluster/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseKubernetesNode } from '../objects/kubernetes-node.js';
import { newTestId, registerTestCluster, type TestCluster } from '../testing/armed-job.js';
import { startCapacityWatch } from './watch-capacity.js';

const log = createLogger('watcher-test');
log.level = 'silent';

const node = parseKubernetesNode({
  metadata: { name: 'node-1', labels: { pool: 'new' } },
  spec: {},
  status: {
    allocatable: { cpu: '1', memory: '1Gi', pods: '110' },
    conditions: [{ type: 'Ready', status: 'True' }],
  },
});

describe('the room of an instance type', () => {
  let database: Database;
  let cluster: TestCluster;
  let lease: ClusterLease;
  let drop: () => Promise<void>;

  beforeAll(async () => {
    const created = await createTestDatabase();
    drop = created.drop;
    database = openDatabase({ url: created.url, maxConnections: 4, applicationName: 'test', onIdleError: () => {} });
    const values = { systemUid: randomUUID(), readerCredentials: Buffer.alloc(0) };
    cluster = await registerTestCluster(database, { id: newTestId('cl'), ...values });
    lease = (await takeClusterLease(database.db, cluster.id, 'first', 600_000))!;
  });
  afterAll(async () => {
    await database.close();
    await drop();
  });

  const room = async (): Promise<unknown> => {
    const { rows } = await database.pool.query<{ room: unknown }>('SELECT room FROM instance_types');
    return rows[0]?.room;
  };

  it('is counted again when its nodes are others, though no node has changed and the number is the same', async () => {
    // Its clock runs ten times as fast: a recount comes after half a second.
    const watch = startCapacityWatch({
      database,
      lease,
      nodes: () => [node],
      pods: () => [],
      onSaved: () => undefined,
      guarded: (work) => work,
      nowMs: () => performance.now() * 10,
      atRisk: withoutCrash,
      log,
    });
    await expect.poll(room, { timeout: 10_000 }).toBe(64);
    const change = { nodeSelector: { pool: 'new' } };
    await withTransaction(database, (tx) => changeInstanceType(tx, cluster.instanceTypeId, change));
    await expect.poll(room, { timeout: 10_000 }).toBe(64);
    await withTransaction(database, (tx) =>
      changeInstanceType(tx, cluster.instanceTypeId, { nodeSelector: { pool: 'old' } }),
    );
    await expect.poll(room, { timeout: 10_000 }).toBe(0);
    await watch.stop();
  });
});
