import { randomBytes } from 'node:crypto';
import { createSealer, recordEvent, withTransaction } from '@ccluster/db';
import { SecretText } from '@ccluster/domain';
import { aPlacement } from '@ccluster/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { refusalsOf } from '../testing/issues.js';
import { startPermittingServer, type PermittingServer } from '../testing/permitting-server.js';
import { createTestJob } from '../testing/seed-job.js';
import { startTestApi, type TestApi } from '../testing/start-test-api.js';
import type { TestCaller } from '../testing/test-caller.js';

const REGISTER = 'mutation ($input: RegisterClusterInput!) { registerCluster(input: $input) { id } }';
const UPDATE = `mutation ($id: ID!, $input: UpdateClusterInput!) { updateCluster(id: $id, input: $input) {
  id displayName status reason { code message } draining autoscaling kubernetesVersion } }`;

describe('a cluster', () => {
  let api: TestApi;
  let server: PermittingServer;
  let operator: TestCaller;
  let count = 0;
  let id: string;
  let uid: string;

  beforeAll(async () => {
    [api, server] = await Promise.all([startTestApi(), startPermittingServer()]);
    operator = await api.newCaller('acme', 'OPERATOR');
  });
  afterAll(() => Promise.all([api.stop(), server.stop()]));

  const register = async (more: object = {}, caller = operator) => {
    count += 1;
    uid = `uid-${count}`;
    server.grants.clear();
    for (const token of ['write-1', 'write-2', 'read-1', 'read-2']) server.grants.set(token, { systemUid: uid });
    const input = {
      name: `c${count}`,
      region: 'here',
      managed: true,
      namespace: 'jobs',
      credentials: server.credentials('write-1'),
      readerCredentials: server.credentials('read-1'),
      ...more,
    };
    const { registerCluster } = await caller.get<{ registerCluster: { id: string } }>(REGISTER, { input });
    return registerCluster.id;
  };
  beforeEach(async () => {
    id = await register();
  });

  const update = (input: object, caller = operator) => caller.ask(UPDATE, { id, input });
  const tokens = async () => {
    const { rows } = await api.database.pool.query('SELECT * FROM clusters WHERE id = $1', [id]);
    const { credentials, reader_credentials: reader } = rows[0] as Record<string, Buffer>;
    const tokenOf = (sealed: Buffer | undefined, use: string) =>
      (JSON.parse(api.sealer.open(sealed!, `clusters:${id}:${use}`).reveal()) as { bearerToken: string }).bearerToken;
    return [tokenOf(credentials, 'credentials'), tokenOf(reader, 'reader')];
  };

  it('whose credentials cannot be read any more gets new ones, both of them', async () => {
    const sealer = createSealer([randomBytes(32)]);
    const unreadable = sealer.seal(new SecretText('{}'), `clusters:${id}:credentials`);
    await api.database.pool.query('UPDATE clusters SET credentials = $1 WHERE id = $2', [unreadable, id]);
    const [credentials, readerCredentials] = ['write-2', 'read-2'].map((token) => server.credentials(token));
    expect(refusalsOf(await update({ credentials }))).toEqual(['readerCredentials: INVALID']);
    expect(refusalsOf(await update({ credentials, readerCredentials }))).toEqual([]);
    expect(await tokens()).toEqual(['write-2', 'read-2']);
  });

  it('is drained, and says so and why, until it is not', async () => {
    expect((await update({ draining: true, displayName: 'East', autoscaling: true })).data).toEqual({
      updateCluster: {
        id,
        displayName: 'East',
        status: 'DRAINING',
        reason: { code: 'CLUSTER_DRAINING', message: expect.stringContaining('takes no new jobs') },
        draining: true,
        autoscaling: true,
        kubernetesVersion: 'v1.35.4',
      },
    });
    expect((await update({ draining: null })).data).toMatchObject({ updateCluster: { status: 'DRAINING' } });
    expect((await update({ draining: false })).data).toMatchObject({
      updateCluster: { status: 'HEALTHY', reason: null, displayName: 'East', autoscaling: true },
    });
  });

  it('that drains waits for what is being armed there, so that nothing is armed after its answer', async () => {
    const arming = await api.database.pool.connect();
    await arming.query('BEGIN');
    await arming.query('SELECT 1 FROM clusters WHERE id = $1 FOR KEY SHARE', [id]);
    let isAnswered = false;
    const answer = update({ draining: true }).finally(() => (isAnswered = true));
    const waits = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    await expect.poll(async () => (await api.database.pool.query(waits)).rowCount).toBe(1);
    expect(isAnswered).toBe(false);
    await arming.query('COMMIT');
    arming.release();
    expect((await answer).data).toMatchObject({ updateCluster: { draining: true } });
  });

  it('has new credentials once they have proved to work, each for its service', async () => {
    expect((await update({ credentials: server.credentials('write-2') })).errors).toBeUndefined();
    expect(await tokens()).toEqual(['write-2', 'read-1']);
    expect((await update({ readerCredentials: server.credentials('read-2') })).errors).toBeUndefined();
    expect(await tokens()).toEqual(['write-2', 'read-2']);
    expect(server.asked).toEqual(expect.arrayContaining(['write-2 create jobs jobs', 'read-2 get pods/log jobs']));
    expect(server.asked.filter((what) => /^write-2 .*(watch|log)/.test(what))).toEqual([]);
    expect(api.logged()).not.toMatch(/write-2|read-2/);
  });

  it('gives the watcher the new ones too where it had the same, and proves them for it', async () => {
    id = await register({ readerCredentials: null });
    server.grants.set('write-2', { systemUid: uid, denied: ['get pods/log'] });
    const answer = await update({ credentials: server.credentials('write-2') });
    expect(refusalsOf(answer)).toEqual(['CLUSTER_LACKS_PERMISSION']);
    expect(answer.errors?.[0]?.message).toContain('get pods/log');
    server.grants.set('write-2', { systemUid: uid });
    await update({ credentials: server.credentials('write-2') });
    expect(await tokens()).toEqual(['write-2', 'write-2']);
  });

  it.each([
    ['of another cluster', 'CLUSTER_MISMATCH', { systemUid: 'uid-of-another' }],
    [
      'that lack a permission',
      'CLUSTER_LACKS_PERMISSION',
      { systemUid: 'same', denied: ['patch jobs', 'delete secrets'] },
    ],
    ['for a namespace that is not there', 'namespace: INVALID', { systemUid: 'same', missingNamespaces: ['jobs'] }],
    ['for a version that is too old', 'credentials: INVALID', { systemUid: 'same', version: 'v1.30.1' }],
    ['that it does not know', 'CLUSTER_REFUSED', undefined],
  ])('keeps what it has where it is given credentials %s', async (_, refusal, grant) => {
    if (grant === undefined) server.grants.delete('write-2');
    else server.grants.set('write-2', { ...grant, systemUid: grant.systemUid === 'same' ? uid : grant.systemUid });
    const answer = await update({ credentials: server.credentials('write-2'), draining: true, displayName: 'New' });
    expect(refusalsOf(answer)).toEqual([refusal]);
    expect(JSON.stringify(answer)).not.toContain('write-2');
    expect(await tokens()).toEqual(['write-1', 'read-1']);
    const { cluster } = await operator.get<{ cluster: object }>(
      'query ($id: ID!) { cluster(id: $id) { draining displayName } }',
      { id },
    );
    expect(cluster).toEqual({ draining: false, displayName: `c${count}` });
    for (const missing of grant && 'denied' in grant ? grant.denied : []) {
      expect(answer.errors?.[0]?.message).toContain(missing.replace('jobs', 'jobs.batch'));
    }
  });

  it('has what waits for it looked at again at once when its credentials are new', async () => {
    const jobId = await createTestJob(operator, { name: `waiting-${count}` });
    const placement = aPlacement({ clusterId: id });
    await withTransaction(api.database, async (tx) => {
      await recordEvent(tx, jobId, { type: 'PLACEMENT_DECIDED', placement });
      await recordEvent(tx, jobId, { type: 'ARMED', kubernetesUid: 'uid-1', placement });
    });
    const dueInSeconds = async () => {
      const query = 'SELECT extract(epoch FROM due_at - now())::float8 AS seconds FROM jobs WHERE id = $1';
      return (await api.database.pool.query<{ seconds: number }>(query, [jobId])).rows[0]?.seconds;
    };
    await api.database.pool.query(`UPDATE jobs SET due_at = now() + interval '60 s' WHERE id = $1`, [jobId]);
    await update({ draining: true });
    expect(await dueInSeconds()).toBeGreaterThan(30);
    await update({ credentials: server.credentials('write-2') });
    expect(await dueInSeconds()).toBeLessThanOrEqual(0);
  });

  it('is not changed to what it may not be, nor with credentials that could run a program', async () => {
    expect(refusalsOf(await update({ displayName: '' }))).toEqual(['displayName: INVALID']);
    const kubeconfig = 'apiVersion: v1\nkind: Config\nusers: [{name: a, user: {exec: {command: canary-11d0}}}]\n';
    expect(refusalsOf(await update({ readerCredentials: { kubeconfig } }))).toEqual(['KUBECONFIG_REFUSED']);
  });

  it('that is managed is changed by operators, a private one by admins of its organization', async () => {
    const admin = await api.newCaller('acme', 'ADMIN');
    const stranger = await api.newCaller('umbrella', 'OPERATOR');
    expect(refusalsOf(await update({ draining: true }, admin))).toEqual(['FORBIDDEN']);
    id = await register({ managed: false }, admin);
    expect(refusalsOf(await update({ draining: true }, stranger))).toEqual(['NOT_FOUND']);
    expect((await update({ draining: true }, admin)).data).toMatchObject({ updateCluster: { draining: true } });
  });
});
