import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CreateJobInput, Job } from '@ccluster/client';
import { waitFor } from '@ccluster/testkit';

import { allTasks } from '../support/collect.js';
import { shellJob } from '../support/job-input.js';
import { registerOwnNamespace, type OwnNamespace } from '../support/own-namespace.js';
import { startPlatform, type Platform } from '../support/platform.js';

const REASON_TIMEOUT_MS = 60_000;

describe.concurrent('a job that does not run says why, in the words of its cluster', () => {
  let platform: Platform;
  const namespaces: OwnNamespace[] = [];
  beforeAll(async () => {
    platform = await startPlatform('reasons');
  });
  afterAll(async () => {
    await platform.stop();
    await Promise.all(namespaces.map((namespace) => namespace.delete()));
  });

  const ownNamespace = async (labels: Record<string, string> = {}): Promise<OwnNamespace> => {
    const [cluster] = platform.environment.clusters;
    if (cluster === undefined) throw new Error('The environment has no cluster');
    const namespace = await registerOwnNamespace(platform.client, cluster, labels);
    namespaces.push(namespace);
    return namespace;
  };
  const createJob = async (overrides: Partial<CreateJobInput>, script = 'echo never') => {
    // Left to choose, a job could be placed in the namespace of another test, with its quota or policy.
    const [clusterId = null] = platform.clusterIds.values();
    const input = { backoffLimit: 0, placement: { clusterId }, ...overrides };
    return (await platform.client.createJob(shellJob(platform.environment, script, input))).id;
  };
  const untilReason = (id: string, code: string): Promise<Job> =>
    waitFor(
      async () => {
        const job = await platform.client.findJob(id);
        return job?.reason?.code === code ? job : undefined;
      },
      { timeoutMs: REASON_TIMEOUT_MS, what: `the reason ${code}` },
    );
  const endOf = async (id: string) => {
    const { status, reason } = await platform.client.waitForEnd(id);
    return { status, code: reason?.code, message: reason?.message ?? '' };
  };

  it('a quota that is reached: it waits, and runs when the quota is gone', async () => {
    const { core, name, clusterId } = await ownNamespace();
    await core.createNamespacedResourceQuota({
      namespace: name,
      body: { metadata: { name: 'none' }, spec: { hard: { pods: '0' } } },
    });
    const id = await createJob({ placement: { clusterId } }, 'echo at last');
    const { reason } = await untilReason(id, 'QUOTA_EXCEEDED');
    expect(reason?.message).toContain('is forbidden: exceeded quota: none, requested: pods=1, used: pods=0');
    await core.deleteNamespacedResourceQuota({ namespace: name, name: 'none' });
    expect(await endOf(id)).toMatchObject({ status: 'SUCCEEDED' });
  });

  it('a Pod Security policy that its pods violate: it fails', async () => {
    const { clusterId } = await ownNamespace({ 'pod-security.kubernetes.io/enforce': 'restricted' });
    const id = await createJob({ placement: { clusterId } });
    const end = await endOf(id);
    expect(end).toMatchObject({ status: 'FAILED', code: 'POLICY_REFUSED' });
    expect(end.message).toContain('violates PodSecurity "restricted:latest"');
    expect(end.message).toContain('runAsNonRoot != true');
  });

  it('a command that is not there: it fails', async () => {
    const id = await createJob({ commandArgv: ['/no/such/program'] });
    const end = await endOf(id);
    expect(end).toMatchObject({ status: 'FAILED', code: 'CONTAINER_START_FAILED' });
    expect(end.message).toContain('exec: "/no/such/program": stat /no/such/program: no such file or directory');
  });

  it('too little memory: its attempt says so', async () => {
    const { clusterId } = await ownNamespace();
    const id = await createJob({ placement: { clusterId } }, 'tail /dev/zero');
    const end = await endOf(id);
    expect(end).toMatchObject({ status: 'FAILED', code: 'BACKOFF_LIMIT_EXCEEDED' });
    expect(end.message).toContain('OOMKilled');
    const [task] = await allTasks(platform.client, id);
    expect(task?.attempts[0]).toMatchObject({ status: 'FAILED', exitCode: 137, reason: { code: 'OOM_KILLED' } });
  });

  it('a registry that does not answer: it waits, and says who cancelled it', async () => {
    const id = await createJob({ imageUrl: '127.0.0.1:1/acme/train', imageTag: '1' });
    const { reason } = await untilReason(id, 'IMAGE_PULL_RETRYING');
    expect(reason?.message).toContain('dial tcp 127.0.0.1:1: connect: connection refused');
    await platform.client.cancelJob(id);
    const end = await endOf(id);
    expect(end).toMatchObject({ status: 'CANCELLED', code: 'CANCELLED' });
    expect(end.message).toMatch(/^Cancelled by /);
  });

  it('an image that its registry does not have: it fails', async () => {
    const [registry] = platform.environment.image.url.split('/');
    const id = await createJob({ imageUrl: `${registry}/no/such/image` });
    const end = await endOf(id);
    expect(end).toMatchObject({ status: 'FAILED', code: 'IMAGE_PULL_FAILED' });
    expect(end.message).toContain(`${registry}/no/such/image:1: not found`);
  });
});
