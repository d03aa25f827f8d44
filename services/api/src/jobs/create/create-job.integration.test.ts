import { findSealedJobSecrets } from '@ccluster/db';
import { readTestEnvironment, startTcpFaultProxy } from '@ccluster/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusalsOf } from '../../testing/issues.js';
import { resultOf } from '../../testing/result-of.js';
import { askForJob } from '../../testing/seed-job.js';
import { startTestApi, type TestApi } from '../../testing/start-test-api.js';
import type { TestCaller } from '../../testing/test-caller.js';

const FIELDS = `
  id name status reason { code } warnings { code } imageUrl imageTag hasImagePullSecret command argv
  completions parallelism backoffLimit activeDeadlineSeconds enableLogging
  env { name value secret } annotations { key value }
  requestedPlacement { clusterId instanceTypeId regions gpuTypes minGpuCount maxPricePerHourCents }
  placement { clusterName } counts { pending running succeeded failed cancelled }
  createdBy startedAt finishedAt`;
const CANARY = 'canary-5e2f0c7d9b1a4e63';

describe('createJob', () => {
  let api: TestApi;
  let caller: TestCaller;

  beforeAll(async () => {
    api = await startTestApi();
    caller = await api.newCaller('acme', 'SUBMITTER');
  });

  afterAll(() => api.stop());

  const create = (input: Record<string, unknown>) => askForJob(caller, input, FIELDS);
  const created = async (input: Record<string, unknown>) => resultOf(await create(input), 'createJob');

  it('fills in the defaults', async () => {
    const { data } = await create({ name: 'defaults' });
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

  it('takes null for the default everywhere', async () => {
    const nulls = ['requestId', 'imagePullSecret', 'completions', 'parallelism', 'backoffLimit', 'env', 'annotations'];
    const { data } = await create({ name: 'nulls', ...Object.fromEntries(nulls.map((field) => [field, null])) });
    expect(data).toMatchObject({ createJob: { completions: 1, parallelism: 1, backoffLimit: 3, env: [] } });
  });

  it('gives back what it was given, and is found by id and by name', async () => {
    const input = {
      name: 'all',
      completions: 4,
      parallelism: 2,
      backoffLimit: 0,
      activeDeadlineSeconds: 60,
      command: `/bin/sh -c python3 "train.py"`,
      enableLogging: false,
      env: [{ name: 'LANG', value: 'C', secret: false }],
      annotations: [{ key: 'team.example/owner', value: 'vision' }],
    };
    const job = await created(input);
    expect(job).toMatchObject({
      ...input,
      argv: ['/bin/sh', '-c', 'python3', 'train.py'],
      warnings: [{ code: 'SHELL_EXTRA_WORDS' }],
      counts: { pending: 4 },
    });
    const found = await caller.ask(
      `query ($id: ID!) { job(id: $id) { ${FIELDS} } jobByName(name: "all") { ${FIELDS} } }`,
      { id: job['id'] },
    );
    expect(found.data).toEqual({ job, jobByName: job });
  });

  it('never gives a secret back, and stores it only sealed', async () => {
    const job = await created({
      name: 'secrets',
      imagePullSecret: { username: 'robot', password: CANARY },
      env: [{ name: 'TOKEN', value: CANARY }],
    });
    expect(job).toMatchObject({ hasImagePullSecret: true, env: [{ name: 'TOKEN', value: null, secret: true }] });
    const sealed = await findSealedJobSecrets(api.database.db, String(job['id']));
    expect(JSON.parse(api.sealer.open(sealed!, `job_secrets:${String(job['id'])}`).reveal())).toEqual({
      imagePull: { username: 'robot', password: CANARY },
      env: { TOKEN: CANARY },
    });
    const { rows } = await api.database.pool.query('select * from jobs, job_events, job_secrets, idempotency_keys');
    expect(JSON.stringify(rows)).not.toContain(CANARY);
  });

  it('takes as much text as is allowed, however long JSON makes it', async () => {
    const value = '\u0001'.repeat(32 * 1024);
    const env = Array.from({ length: 8 }, (_, i) => ({ name: `V${i}`, value }));
    const annotations = [{ key: 'a', value: '\u0001'.repeat(64 * 1024 - 1) }];
    const input = { name: 'longest', command: '\u0001'.repeat(64 * 1024), annotations, env };
    expect(refusalsOf(await create(input))).toEqual([]);
  });

  it('gives a name to one of many that want it at once', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => create({ name: 'contended' })));
    expect(answers.flatMap(refusalsOf)).toEqual(Array.from({ length: 7 }, () => 'name: JOB_NAME_TAKEN'));
  });

  it('lets another organization have the same name', async () => {
    const other = await api.newCaller('umbrella', 'SUBMITTER');
    expect(refusalsOf(await askForJob(other, { name: 'defaults' }))).toEqual([]);
  });

  it('is refused to a viewer', async () => {
    const viewer = await api.newCaller('acme', 'VIEWER');
    expect(refusalsOf(await askForJob(viewer, { name: 'forbidden' }))).toEqual(['FORBIDDEN']);
  });

  it('logs no secret', () => {
    expect(api.logged()).not.toContain(CANARY);
  });
});

it('creates jobs while Redis is away', async () => {
  const { hostname, port } = new URL(readTestEnvironment().redisUrl);
  const proxy = await startTcpFaultProxy({ target: { host: hostname, port: Number(port) } });
  const api = await startTestApi({ redisUrl: `redis://${proxy.host}:${proxy.port}` });
  try {
    const caller = await api.newCaller('acme', 'SUBMITTER');
    proxy.mode = 'refuse';
    proxy.resetAll();
    expect(refusalsOf(await askForJob(caller, { name: 'alone' }))).toEqual([]);
    expect((await fetch(`${api.address}/readyz`)).status).toBe(503);
    expect((await fetch(`${api.address}/livez`)).status).toBe(200);
  } finally {
    await api.stop();
    await proxy.close();
  }
});
