import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusalsOf } from '../testing/issues.js';
import { startPermittingServer, type PermittingServer } from '../testing/permitting-server.js';
import { seedOffer } from '../testing/seed-cluster.js';
import { startTestApi, type TestApi } from '../testing/start-test-api.js';
import type { TestCaller } from '../testing/test-caller.js';

describe('what is done to clusters and instance types', () => {
  let api: TestApi;
  let server: PermittingServer;
  let operator: TestCaller;

  beforeAll(async () => {
    [api, server] = await Promise.all([startTestApi(), startPermittingServer()]);
    operator = await api.newCaller('acme', 'OPERATOR');
    server.grants.set('new', { systemUid: 'uid-new' });
    server.grants.set('here', { systemUid: 'here' });
    for (const name of ['here', 'there']) await seedOffer(api.database, name, null);
  });
  afterAll(() => Promise.all([api.stop(), server.stop()]));

  const rows = async (text: string) => (await api.database.pool.query<Record<string, unknown>>(text)).rows;
  const state = () =>
    rows(`select (select json_agg(c order by id) from clusters c)::text as clusters,
      (select json_agg(t order by id) from instance_types t)::text as types`);
  const mutations = () => {
    const reader = { readerCredentials: server.credentials('here') };
    const registered = { name: 'new', region: 'here', managed: true, namespace: 'jobs' };
    const sizes = { gpuCount: 0, cpuMillicores: 1, memoryMiB: 1, pricePerHourCents: 1 };
    return [
      ['registerCluster', '{ id }', { input: { ...registered, credentials: server.credentials('new') } }],
      ['updateCluster', '{ id }', { id: 'cl_here', input: { draining: true } }],
      ['updateCluster', '{ id }', { id: 'cl_here', input: { credentials: server.credentials('here'), ...reader } }],
      ['createInstanceType', '{ id }', { input: { clusterId: 'cl_here', name: 'new', ...sizes } }],
      ['updateInstanceType', '{ id }', { id: 'it_here', input: { pricePerHourCents: 7 } }],
      ['removeInstanceType', '', { id: 'it_here' }],
      ['removeCluster', '', { id: 'cl_there', abandon: true }],
    ] as const;
  };
  const inputOf: Record<string, string> = {
    registerCluster: 'RegisterClusterInput',
    updateCluster: 'UpdateClusterInput',
    createInstanceType: 'CreateInstanceTypeInput',
    updateInstanceType: 'UpdateInstanceTypeInput',
  };
  const ask = ([name, fields, variables]: readonly [string, string, Readonly<Record<string, unknown>>]) => {
    const types: Record<string, string> = { id: 'ID!', input: `${inputOf[name]}!`, abandon: 'Boolean!' };
    const names = Object.keys(variables);
    const head = names.map((each) => `$${each}: ${types[each]}`).join(', ');
    const given = names.map((each) => `${each}: $${each}`).join(', ');
    return operator.ask(`mutation (${head}) { ${name}(${given}) ${fields} }`, variables);
  };

  it('is not done where it cannot be written down', async () => {
    const before = await state();
    await rows('alter table audit_entries rename to gone');
    try {
      for (const mutation of mutations())
        expect([mutation[0], refusalsOf(await ask(mutation))]).toEqual([mutation[0], ['INTERNAL']]);
    } finally {
      await rows('alter table gone rename to audit_entries');
    }
    expect(await state()).toEqual(before);
  });

  it('is written down once', async () => {
    for (const mutation of mutations())
      expect([mutation[0], refusalsOf(await ask(mutation))]).toEqual([mutation[0], []]);
    const entries = await rows(`select operation, target_id, outcome, principal from audit_entries where outcome = 'OK'
      order by id`);
    const id = (prefix: string) => expect.stringMatching(new RegExp(`^${prefix}_`));
    expect(entries.map(({ operation, target_id: target }) => [operation, target])).toEqual([
      ['registerCluster', id('cl')],
      ['updateCluster', 'cl_here'],
      ['updateCluster', 'cl_here'],
      ['createInstanceType', id('it')],
      ['updateInstanceType', 'it_here'],
      ['removeInstanceType', 'it_here'],
      ['removeCluster', 'cl_there'],
    ]);
  });

  it('is not written down as done where it was not', async () => {
    const missing = { id: 'cl_there', input: { draining: true } };
    expect(refusalsOf(await ask(['updateCluster', '{ id }', missing]))).toEqual(['NOT_FOUND']);
    const [entry] = await rows('select operation, outcome from audit_entries order by id desc limit 1');
    expect(entry).toEqual({ operation: 'updateCluster', outcome: 'NOT_FOUND' });
  });
});
