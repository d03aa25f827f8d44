import { randomFillSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { newId, SecretText, type JobSecrets } from '@ccluster/domain';
import {
  clusterAddressesVariable,
  connectCluster,
  parseKubeconfig,
  readClusterIdentity,
  type ClusterConnection,
} from '@ccluster/kubernetes';
import { readTestEnvironment, TEST_CLUSTER_ADDRESSES, testRedisPrefix, waitFor } from '@ccluster/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anOrder, anOrderedInstanceType, aSpec } from '../testing/build-order.js';
import type { ClusterWriter, JobOrder, KubernetesJobRef } from './cluster-writer.js';
import { secretName } from './job-manifest.js';
import { createKubernetesClusterWriter } from './kubernetes-cluster-writer.js';

const NAMESPACE = 'ccluster-jobs';
const addresses = clusterAddressesVariable.parse(TEST_CLUSTER_ADDRESSES);
const { signal } = new AbortController();

/** With the rights of the dispatcher, and nobody else's objects in sight. */
const ownership = { installation: testRedisPrefix(), clusterId: 'cl_test' };
let connection: ClusterConnection;
let admin: ClusterConnection;
let writer: ClusterWriter;
const posted: KubernetesJobRef[] = [];

beforeAll(async () => {
  const [cluster] = readTestEnvironment().clusters;
  if (cluster === undefined) throw new Error('The test environment has no cluster');
  const connect = (path: string) =>
    connectCluster(parseKubeconfig(readFileSync(path, 'utf8')), { addresses, requestTimeoutMs: 10_000 });
  connection = connect(cluster.dispatcherKubeconfig);
  admin = connect(cluster.kubeconfig);
  const { systemUid } = await readClusterIdentity(connection);
  writer = createKubernetesClusterWriter(connection, ownership, systemUid);
});

afterAll(async () => {
  for (const job of posted) await writer.deleteJob(job, signal);
  await Promise.all([connection.close(), admin.close()]);
});

/** For a node that no cluster has: no container of these tests ever runs. */
function aNewOrder(overrides: Partial<JobOrder> = {}): JobOrder {
  const jobId = newId('job', Date.now(), (bytes) => randomFillSync(bytes));
  const instanceType = anOrderedInstanceType({ nodeSelector: { 'example.com/nowhere': 'yes' } });
  return anOrder({ jobId, namespace: NAMESPACE, instanceType, ...overrides });
}

async function postedJob(order: JobOrder) {
  const result = await writer.postJob(order, signal);
  if (result === undefined) throw new Error('The name is taken');
  posted.push(result.job);
  return result.job;
}

describe('a Kubernetes Job', () => {
  it('is posted suspended, found, and its name is taken then', async () => {
    const order = aNewOrder();
    const job = await postedJob(order);
    const expected = { jobId: order.jobId, epoch: 3, intent: 0, suspended: true, deleting: false };
    expect(job).toMatchObject(expected);
    await expect(writer.findJob(job, signal)).resolves.toMatchObject({ ...expected, uid: job.uid });
    await expect(writer.postJob(order, signal)).resolves.toBeUndefined();
  });

  it('is accepted with everything that a job can ask for', async () => {
    const spec = aSpec({
      completions: 100_000,
      parallelism: 1000,
      activeDeadlineSeconds: 2_147_483_647,
      backoffLimit: 2_147_483_647,
      argv: ['/bin/sh', '-c', 'echo $$'],
      enableLogging: true,
      env: [{ name: 'A', secret: false, value: 'b' }],
      annotations: [{ key: 'example.com/owner', value: 'me' }],
    });
    const instanceType = anOrderedInstanceType({
      gpuCount: 8,
      sharedMemoryMib: 64,
      nodeSelector: { 'example.com/nowhere': 'yes' },
      tolerations: [{ key: 'nvidia.com/gpu', value: null, effect: 'NoSchedule' }],
    });
    const job = await postedJob(aNewOrder({ spec, instanceType, hasImagePullSecret: true }));
    expect(job).toMatchObject({ suspended: true });
  });

  it('is released once, by whoever knows the intent before', async () => {
    const job = await postedJob(aNewOrder());
    const release = { from: 0, to: 1, suspend: false };
    const resourceVersion = await writer.changeIntent(job, release, signal);
    await expect(writer.findJob(job, signal)).resolves.toMatchObject({ intent: 1, suspended: false });
    expect(resourceVersion).not.toBe(job.resourceVersion);
    await expect(writer.changeIntent(job, release, signal)).resolves.toBeUndefined();
    const stop = { from: 1, to: 2, suspend: true };
    await expect(writer.changeIntent(job, stop, signal)).resolves.toEqual(expect.any(String));
  });

  it('does not change or go at the word of one who means another uid', async () => {
    const job = await postedJob(aNewOrder());
    const other = { ...job, uid: '00000000-0000-0000-0000-000000000000' };
    const release = { from: 0, to: 1, suspend: false };
    await expect(writer.changeIntent(other, release, signal)).resolves.toBeUndefined();
    await writer.deleteJob(other, signal);
    await expect(writer.findJob(job, signal)).resolves.toMatchObject({ uid: job.uid, suspended: true });
  });

  it('takes over tasks that need not run, as often as it is told, until it is released', async () => {
    const job = await postedJob(aNewOrder({ spec: aSpec({ completions: 100_000 }) }));
    const evenIndexes = Array.from({ length: 50_000 }, (_, i) => 2 * i).join(',');
    const inherited = { completedIndexes: evenIndexes, succeeded: 50_000 };
    await expect(writer.inheritTasks(job, inherited, signal)).resolves.toBe(true);
    await expect(writer.inheritTasks(job, inherited, signal)).resolves.toBe(true);
    const other = { ...job, uid: '00000000-0000-0000-0000-000000000000' };
    await expect(writer.inheritTasks(other, inherited, signal)).resolves.toBe(false);
    await writer.changeIntent(job, { from: 0, to: 1, suspend: false }, signal);
    await writer.changeIntent(job, { from: 1, to: 2, suspend: true }, signal);
    await expect(writer.inheritTasks(job, inherited, signal)).resolves.toBe(false);
  });

  it('is deleted, and deleting it again changes nothing', async () => {
    const job = await postedJob(aNewOrder());
    await writer.deleteJob(job, signal);
    const find = async () => (await writer.findJob(job, signal)) === undefined;
    await waitFor(find, { timeoutMs: 5_000, what: 'the Kubernetes Job to go' });
    await writer.deleteJob(job, signal);
    await expect(writer.changeIntent(job, { from: 0, to: 1, suspend: false }, signal)).resolves.toBeUndefined();
  });
});

describe('Kubernetes Jobs', () => {
  it('are listed with those of their installation only', async () => {
    const job = await postedJob(aNewOrder());
    const listed: string[] = [];
    for await (const page of writer.listJobs(NAMESPACE, signal)) listed.push(...page.map((each) => each.uid));
    expect(listed).toContain(job.uid);
    const others = createKubernetesClusterWriter(connection, { ...ownership, installation: 'other' }, '');
    for await (const page of others.listJobs(NAMESPACE, signal)) expect(page).toEqual([]);
    await expect(others.findJob(job, signal)).resolves.toMatchObject({ jobId: null });
  });
});

describe('an order', () => {
  it('that Kubernetes calls invalid is refused with its sentence', async () => {
    const order = aNewOrder({ spec: aSpec({ parallelism: 100_001, completions: 100_001 }) });
    const refused = { kind: 'POLICY_REFUSED', message: expect.stringContaining('parallelism') as string };
    await expect(writer.postJob(order, signal)).rejects.toMatchObject(refused);
  });

  it('for a namespace where we have no rights is not held against the job', async () => {
    const refused = { kind: 'NAMESPACE_REFUSED', message: expect.stringContaining('cannot create') as string };
    await expect(writer.postJob(aNewOrder({ namespace: 'default' }), signal)).rejects.toMatchObject(refused);
  });
});

describe('the Secrets of an order', () => {
  const order = () => aNewOrder({ spec: aSpec({ env: [{ name: 'TOKEN', secret: true }] }), hasImagePullSecret: true });
  const secrets: JobSecrets = {
    imagePull: { username: 'u', password: new SecretText('p') },
    env: { TOKEN: new SecretText('pa$$word') },
  };
  const read = (name: string) => admin.core.readNamespacedSecret({ name, namespace: NAMESPACE });

  it('hold what the job needs, also where they were posted before, and go with the Kubernetes Job', async () => {
    const posting = order();
    const job = await postedJob(posting);
    await writer.postSecrets(posting, job, secrets, signal);
    await writer.postSecrets(posting, job, secrets, signal);
    const env = await read(secretName(posting, 'env'));
    expect(env.data).toEqual({ TOKEN: Buffer.from('pa$$word').toString('base64') });
    await expect(read(secretName(posting, 'pull'))).resolves.toMatchObject({ type: 'kubernetes.io/dockerconfigjson' });
    await writer.deleteJob(job, signal);
    const gone = () =>
      read(secretName(posting, 'env')).then(
        () => false,
        () => true,
      );
    await waitFor(gone, { timeoutMs: 30_000, what: 'the Secret to go' });
  });

  it('are nobody’s business: neither an error nor the dispatcher’s rights show them', async () => {
    const posting = order();
    const job = await postedJob(posting);
    const broken = { ...secrets, env: { TOKEN: new SecretText('c4n4ry'.repeat(200_000)) } };
    const refusal = await writer.postSecrets(posting, job, broken, signal).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(Error);
    expect(String(refusal)).not.toContain('c4n4ry');
    const reading = connection.core.readNamespacedSecret({ name: secretName(posting, 'env'), namespace: NAMESPACE });
    await expect(reading).rejects.toMatchObject({ kind: 'FORBIDDEN' });
  });
});

describe('a cluster', () => {
  it('is the one that was registered, or it is not used', async () => {
    await writer.verifyIdentity(signal);
    const other = createKubernetesClusterWriter(connection, ownership, 'another uid');
    await expect(other.verifyIdentity(signal)).rejects.toMatchObject({ kind: 'UNREACHABLE' });
  });

  it('in which nothing has the name says so', async () => {
    await expect(writer.findJob({ namespace: NAMESPACE, name: 'nothing' }, signal)).resolves.toBeUndefined();
  });
});
