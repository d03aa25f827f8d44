import { aPlacement } from '@ccluster/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { refusalsOf } from '../testing/issues.js';
import { seedOffer } from '../testing/seed-cluster.js';
import { createTestJob, record } from '../testing/seed-job.js';
import { startTestApi, type TestApi } from '../testing/start-test-api.js';
import type { TestCaller } from '../testing/test-caller.js';

const REMOVE = 'mutation ($id: ID!, $abandon: Boolean! = false) { removeCluster(id: $id, abandon: $abandon) }';

describe('a cluster', () => {
  let api: TestApi;
  let operator: TestCaller;
  let count = 0;
  let name: string;
  let id: string;

  beforeAll(async () => {
    api = await startTestApi();
    operator = await api.newCaller('acme', 'OPERATOR');
  });
  afterAll(() => api.stop());

  beforeEach(async () => {
    name = `c${(count += 1)}`;
    id = `cl_${name}`;
    await seedOffer(api.database, name, null);
  });

  const remove = (more: object = {}, caller = operator) => caller.ask(REMOVE, { id, ...more });
  const placement = () =>
    aPlacement({ clusterId: id, clusterName: name, instanceTypeId: `it_${name}`, instanceTypeName: 'small' });
  const placed = async () => {
    const jobId = await createTestJob(operator, { name: `job-${(count += 1)}` });
    await record(api.database, jobId, { type: 'PLACEMENT_DECIDED', placement: placement() });
    return jobId;
  };
  const armed = async () => {
    const jobId = await placed();
    await record(api.database, jobId, { type: 'ARMED', kubernetesUid: jobId, placement: placement() });
    return jobId;
  };
  const isRemoved = async () => {
    const { rows } = await api.database.pool.query('SELECT removed_at FROM clusters WHERE id = $1', [id]);
    return (rows[0] as { removed_at: unknown }).removed_at !== null;
  };

  it('that nothing runs on is removed, out of everybody’s sight', async () => {
    expect((await remove()).data).toEqual({ removeCluster: id });
    const query = 'query ($id: ID!) { cluster(id: $id) { id } clusters { id } instanceTypes(clusterId: $id) { id } }';
    const seen = await operator.get<{ cluster: null; clusters: { id: string }[]; instanceTypes: [] }>(query, { id });
    expect(seen).toMatchObject({ cluster: null, instanceTypes: [] });
    expect(seen.clusters.map((each) => each.id)).not.toContain(id);
    expect(refusalsOf(await remove())).toEqual(['NOT_FOUND']);
  });

  it('is not removed while it has unfinished jobs, and is told how many', async () => {
    await Promise.all([armed(), armed()]);
    const answer = await remove();
    expect(refusalsOf(answer)).toEqual(['CLUSTER_IN_USE']);
    expect(answer.errors?.[0]?.message).toContain(`${name} has 2 unfinished jobs`);
    expect(await isRemoved()).toBe(false);
    expect((await remove({ abandon: true })).data).toEqual({ removeCluster: id });
    expect(await isRemoved()).toBe(true);
  });

  it('is not kept by what is only placed there: that goes elsewhere', async () => {
    await placed();
    expect((await remove()).data).toEqual({ removeCluster: id });
  });

  it('waits with its removal for what is being armed there, and counts it', async () => {
    const jobId = await placed();
    const arming = await api.database.pool.connect();
    await arming.query('BEGIN');
    await arming.query('SELECT 1 FROM clusters WHERE id = $1 FOR KEY SHARE', [id]);
    const answer = remove();
    const waits = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    await expect.poll(async () => (await api.database.pool.query(waits)).rowCount).toBe(1);
    await arming.query(`UPDATE jobs SET kubernetes_uid = 'uid' WHERE id = $1`, [jobId]);
    await arming.query('COMMIT');
    arming.release();
    expect(refusalsOf(await answer)).toEqual(['CLUSTER_IN_USE']);
  });

  it('leaves its name to another, and itself to be registered again', async () => {
    await remove();
    await seedOffer(api.database, `again-${name}`, null);
    const again = `UPDATE clusters SET name = $1, system_uid = $1 WHERE id = $2`;
    await api.database.pool.query(again, [name, `cl_again-${name}`]);
    const { clusters } = await operator.get<{ clusters: { name: string }[] }>('{ clusters { name } }');
    expect(clusters.filter((each) => each.name === name)).toHaveLength(1);
  });

  it('keeps its name in finished jobs', async () => {
    const jobId = await armed();
    const gone = { type: 'KUBERNETES_JOB_GONE', kubernetesUid: jobId, message: 'gone' } as const;
    await record(api.database, jobId, gone, { type: 'SETTLED' });
    expect((await remove()).data).toEqual({ removeCluster: id });
    const query =
      'query ($id: ID!) { job(id: $id) { placement { clusterName instanceTypeName cluster { id } instanceType { id } } } }';
    const { job } = await operator.get<{ job: object }>(query, { id: jobId });
    const names = { clusterName: name, instanceTypeName: 'small' };
    expect(job).toEqual({ placement: { ...names, cluster: null, instanceType: null } });
  });

  it('that is managed is removed by operators, a private one by admins of its organization', async () => {
    const admin = await api.newCaller('acme', 'ADMIN');
    const stranger = await api.newCaller('umbrella', 'OPERATOR');
    expect(refusalsOf(await remove({}, admin))).toEqual(['FORBIDDEN']);
    await seedOffer(api.database, `private-${name}`, operator.organizationId);
    const own = { id: `cl_private-${name}` };
    expect(refusalsOf(await remove(own, stranger))).toEqual(['NOT_FOUND']);
    expect((await remove(own, admin)).data).toEqual({ removeCluster: own.id });
  });
});
