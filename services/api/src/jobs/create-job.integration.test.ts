import { findSealedJobSecrets } from '@ccluster/db';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../testing/start-test-api.js';
import type { TestCaller } from '../testing/test-caller.js';

const CREATE_JOB = `mutation ($input: CreateJobInput!) { createJob(input: $input) {
  id name status reason { code } warnings { code } imageUrl imageTag hasImagePullSecret command argv
  completions parallelism backoffLimit activeDeadlineSeconds enableLogging
  env { name value secret } annotations { key value }
  requestedPlacement { clusterId instanceTypeId regions gpuTypes minGpuCount maxPricePerHourCents }
  placement { clusterName } counts { pending running succeeded failed cancelled }
  createdBy startedAt finishedAt
} }`;

describe('createJob', () => {
  let api: TestApi;
  let caller: TestCaller;

  beforeAll(async () => {
    api = await startTestApi();
    caller = await api.newCaller('acme', 'SUBMITTER');
  });

  afterAll(() => api.stop());

  const create = (input: Record<string, unknown>) => caller.ask(CREATE_JOB, { input });

  it('fills in the defaults', async () => {
    const { data } = await create({ name: 'defaults', imageUrl: 'busybox', imageTag: '1' });
    expect(data).toEqual({
      createJob: {
        id: expect.stringMatching(/^job_[0-9a-z]{26}$/),
        name: 'defaults',
        status: 'QUEUED',
        reason: null,
        warnings: [],
        imageUrl: 'busybox',
        imageTag: '1',
        hasImagePullSecret: false,
        command: null,
        argv: [],
        completions: 1,
        parallelism: 1,
        backoffLimit: 3,
        activeDeadlineSeconds: null,
        enableLogging: true,
        env: [],
        annotations: [],
        requestedPlacement: {
          clusterId: null,
          instanceTypeId: null,
          regions: null,
          gpuTypes: null,
          minGpuCount: null,
          maxPricePerHourCents: null,
        },
        placement: null,
        counts: { pending: 1, running: 0, succeeded: 0, failed: 0, cancelled: 0 },
        createdBy: 'submitter of acme',
        startedAt: null,
        finishedAt: null,
      },
    });
  });
});
