import { SecretText } from '@ccluster/domain';
import { describe, expect, it } from 'vitest';
import { ClusterFault } from '../cluster/cluster-fault.js';
import type { JobOrder, SeenKubernetesJob } from '../cluster/cluster-writer.js';
import { anOrder, aSpec, JOB_ID } from '../testing/build-order.js';
import { FakeCluster } from '../testing/fake-cluster.js';
import { judgeFound, postKubernetesJob } from './post-kubernetes-job.js';

const name = 'train-01arz3ndektsv4rrffq69g5fav';
const secrets = { imagePull: null, env: { TOKEN: new SecretText('x') } };
const order = anOrder({ spec: aSpec({ env: [{ name: 'TOKEN', secret: true }] }) });
const { signal } = new AbortController();

const found: SeenKubernetesJob = {
  namespace: 'jobs',
  name,
  uid: 'u',
  resourceVersion: '1',
  jobId: JOB_ID,
  clusterId: 'fake',
  epoch: 3,
  intent: 0,
  suspended: true,
  deleting: false,
};

const post = (cluster: FakeCluster, posted: JobOrder = order) => postKubernetesJob(cluster, posted, secrets, signal);

describe('judgeFound', () => {
  it.each([
    ['of this claim', found, 'OURS'],
    ['of a newer claim', { ...found, epoch: 4 }, 'NEWER'],
    ['of an older claim', { ...found, epoch: 2 }, 'OLDER'],
    ['of this claim, its deletion begun', { ...found, deleting: true }, 'OLDER'],
    ['of this claim, released by somebody', { ...found, suspended: false }, 'OLDER'],
    ['of somebody else', { ...found, jobId: null }, 'FOREIGN'],
    ['of another job', { ...found, jobId: 'job_2' }, 'FOREIGN'],
  ] as const)('one %s', (_, kubernetesJob, judgement) => {
    expect(judgeFound(kubernetesJob, order)).toBe(judgement);
  });
});

describe('postKubernetesJob', () => {
  it('posts it suspended, with its Secrets', async () => {
    const cluster = new FakeCluster();
    await expect(post(cluster)).resolves.toMatchObject({ kind: 'POSTED', job: { suspended: true, epoch: 3 } });
    expect([...cluster.secrets.keys()]).toEqual([`${name}-e3-env`]);
  });

  it('goes on with its own where the answer was lost', async () => {
    const cluster = new FakeCluster();
    cluster.interfere('postJob', 'LOSE_ANSWER');
    const result = await post(cluster);
    expect(result).toMatchObject({ kind: 'POSTED', job: [...cluster.jobs.values()][0] });
    expect(cluster.calls).toEqual(['postJob', 'findJob', 'postSecrets']);
  });

  it('says so where the answer was lost and nothing is there', async () => {
    const cluster = new FakeCluster();
    cluster.interfere('postJob', 'FAIL');
    await expect(post(cluster)).rejects.toMatchObject({ kind: 'UNREACHABLE' });
  });

  it('replaces what an older claim left, and that one’s Secrets go too', async () => {
    const cluster = new FakeCluster();
    await post(cluster, { ...order, epoch: 2 });
    const old = [...cluster.jobs.values()][0];
    const result = await post(cluster);
    expect(result).toMatchObject({ kind: 'POSTED', job: { epoch: 3 } });
    expect([...cluster.jobs.values()].map((job) => job.uid)).not.toContain(old?.uid);
    expect([...cluster.secrets.keys()]).toEqual([`${name}-e3-env`]);
  });

  it('stops where a newer claim was faster', async () => {
    const cluster = new FakeCluster();
    await post(cluster, { ...order, epoch: 4 });
    await expect(post(cluster)).resolves.toEqual({ kind: 'OVERTAKEN' });
    expect([...cluster.jobs.values()]).toMatchObject([{ epoch: 4 }]);
  });

  it('does not touch what is not ours', async () => {
    const cluster = new FakeCluster();
    cluster.jobs.set(`jobs/${name}`, { ...found, jobId: null });
    await expect(post(cluster)).resolves.toEqual({ kind: 'NAME_TAKEN' });
    expect(cluster.calls).not.toContain('deleteJob');
  });

  it('posts again where what had the name went in between', async () => {
    const cluster = new FakeCluster();
    cluster.jobs.set(`jobs/${name}`, { ...found, epoch: 2 });
    cluster.interfere('findJob', () => cluster.jobs.clear());
    await expect(post(cluster)).resolves.toMatchObject({ kind: 'POSTED' });
  });

  it('takes it back where its Secrets are refused', async () => {
    const cluster = new FakeCluster();
    cluster.interfere('postSecrets', new ClusterFault('POLICY_REFUSED', 'no'));
    await expect(post(cluster)).rejects.toMatchObject({ kind: 'POLICY_REFUSED' });
    expect(cluster.jobs.size).toBe(0);
  });
});
