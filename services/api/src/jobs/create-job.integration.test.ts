import { findSealedJobSecrets } from '@ccluster/db';
import { readTestEnvironment, startTcpFaultProxy } from '@ccluster/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusalsOf } from '../testing/issues.js';
import { startTestApi, type TestApi } from '../testing/start-test-api.js';
import type { TestCaller } from '../testing/test-caller.js';

const FIELDS = `
  id name status reason { code } warnings { code } imageUrl imageTag hasImagePullSecret command argv
  completions parallelism backoffLimit activeDeadlineSeconds enableLogging
  env { name value secret } annotations { key value }
  requestedPlacement { clusterId instanceTypeId regions gpuTypes minGpuCount maxPricePerHourCents }
  placement { clusterName } counts { pending running succeeded failed cancelled }
  createdBy startedAt finishedAt`;
const CREATE_JOB = `mutation ($input: CreateJobInput!) { createJob(input: $input) { ${FIELDS} } }`;
const CANARY = 'canary-5e2f0c7d9b1a4e63';

describe('createJob', () => {
  let api: TestApi;
  let caller: TestCaller;

  beforeAll(async () => {
    api = await startTestApi();
    caller = await api.newCaller('acme', 'SUBMITTER');
  });

  afterAll(() => api.stop());

  const create = (input: Record<string, unknown>) =>
    caller.ask(CREATE_JOB, { input: { imageUrl: 'busybox', imageTag: '1', ...input } });
  const created = async (input: Record<string, unknown>, by = caller) =>
    (
      await by.get<{ createJob: { id: string } }>(CREATE_JOB, {
        input: { imageUrl: 'busybox', imageTag: '1', ...input },
      })
    ).createJob;
  const countJobs = async () => (await caller.ask('{ jobs { totalCount } }')).data;

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
      { id: job.id },
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
    const sealed = await findSealedJobSecrets(api.database.db, job.id);
    expect(JSON.parse(api.sealer.open(sealed!, `job_secrets:${job.id}`).reveal())).toEqual({
      imagePull: { username: 'robot', password: CANARY },
      env: { TOKEN: CANARY },
    });
    const { rows } = await api.database.pool.query('select * from jobs, job_events, job_secrets, idempotency_keys');
    expect(JSON.stringify(rows)).not.toContain(CANARY);
  });

  it('names all issues at once, those of what is stored too, and stores nothing', async () => {
    await create({ name: 'taken' });
    const before = await countJobs();
    const answer = await create({
      requestId: 'never-stored',
      name: 'taken',
      imageTag: ' ',
      completions: 0,
      command: `echo "$HOME"`,
      imagePullSecret: { username: '', password: CANARY },
      env: [
        { name: 'JOB_COMPLETIONS', value: CANARY },
        { name: '1A', value: CANARY },
      ],
      placement: { clusterId: 'cl_none', instanceTypeId: 'it_none' },
    });
    expect(answer.data).toBeNull();
    expect(answer.errors).toHaveLength(1);
    expect(refusalsOf(answer).toSorted()).toEqual([
      'command: INVALID',
      'completions: INVALID',
      'env.0.name: RESERVED_NAME',
      'env.1.name: INVALID',
      'imagePullSecret.username: INVALID',
      'imageTag: INVALID',
      'name: JOB_NAME_TAKEN',
      'placement.clusterId: INVALID',
      'placement.instanceTypeId: INVALID',
    ]);
    expect(JSON.stringify(answer)).not.toContain(CANARY);
    expect(await countJobs()).toEqual(before);
    expect(refusalsOf(await create({ requestId: 'never-stored', name: 'stored-now' }))).toEqual([]);
  });

  it('refuses what no registered offer could ever meet, and takes a job without wishes', async () => {
    expect(refusalsOf(await create({ name: 'no-offer', placement: { gpuTypes: ['H100'] } }))).toEqual([
      'placement: NO_MATCHING_OFFER',
    ]);
    expect(refusalsOf(await create({ name: 'no-wishes', placement: { gpuTypes: [] } }))).toEqual([]);
  });

  it('gives a name to one of many that want it at once', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => create({ name: 'contended' })));
    expect(answers.flatMap(refusalsOf)).toEqual(Array.from({ length: 7 }, () => 'name: JOB_NAME_TAKEN'));
  });

  it('lets another organization have the same name', async () => {
    const other = await api.newCaller('umbrella', 'SUBMITTER');
    const input = { name: 'defaults', imageUrl: 'busybox', imageTag: '1' };
    expect(refusalsOf(await other.ask(CREATE_JOB, { input }))).toEqual([]);
  });

  describe('with a requestId', () => {
    it('makes one job of any number of calls at once', async () => {
      const input = { name: 'repeated', requestId: 'repeat', env: [{ name: 'TOKEN', value: CANARY }] };
      const jobs = await Promise.all(Array.from({ length: 10 }, () => created(input)));
      expect(new Set(jobs.map(({ id }) => id)).size).toBe(1);
    });

    it('counts defaults that are written out as the same input', async () => {
      const first = await created({ name: 'written-out', requestId: 'defaults' });
      const defaults = { completions: 1, env: [], command: null };
      const second = await created({ name: 'written-out', requestId: 'defaults', ...defaults });
      expect(second.id).toBe(first.id);
    });

    it.each([
      ['another value', { env: [{ name: 'TOKEN', value: 'other' }] }],
      ['another name', { name: 'other' }],
      ['what is refused', { completions: 0 }],
    ])('refuses %s', async (_, difference) => {
      const input = { name: 'first-use', requestId: 'conflict', env: [{ name: 'TOKEN', value: 'one' }] };
      await create(input);
      const answer = await create({ ...input, ...difference });
      expect(refusalsOf(answer)).toEqual(['REQUEST_ID_CONFLICT']);
    });

    it('is apart from that of another organization', async () => {
      const first = await created({ name: 'mine', requestId: 'shared' });
      const other = await api.newCaller('umbrella', 'SUBMITTER');
      expect((await created({ name: 'mine', requestId: 'shared' }, other)).id).not.toBe(first.id);
    });

    it('says so where its job is deleted since', async () => {
      const { id } = await created({ name: 'deleted', requestId: 'deleted' });
      await api.database.pool.query('update jobs set deleted_at = now() where id = $1', [id]);
      expect(refusalsOf(await create({ name: 'deleted', requestId: 'deleted' }))).toEqual(['JOB_DELETED']);
    });

    it('is free again after seven days', async () => {
      await create({ name: 'last-week', requestId: 'weekly' });
      await api.database.pool.query(
        `update idempotency_keys set created_at = now() - interval '8 days' where request_id = 'weekly'`,
      );
      expect(refusalsOf(await create({ name: 'this-week', requestId: 'weekly' }))).toEqual([]);
    });
  });

  it('is refused to a viewer', async () => {
    const viewer = await api.newCaller('acme', 'VIEWER');
    const input = { name: 'forbidden', imageUrl: 'busybox', imageTag: '1' };
    expect(refusalsOf(await viewer.ask(CREATE_JOB, { input }))).toEqual(['FORBIDDEN']);
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
    const input = { name: 'alone', imageUrl: 'busybox', imageTag: '1' };
    expect(refusalsOf(await caller.ask(CREATE_JOB, { input }))).toEqual([]);
    expect((await fetch(`${api.address}/readyz`)).status).toBe(503);
    expect((await fetch(`${api.address}/livez`)).status).toBe(200);
  } finally {
    await api.stop();
    await proxy.close();
  }
});
