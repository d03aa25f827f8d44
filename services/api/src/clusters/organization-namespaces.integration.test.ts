import { namespaceFor } from '@ccluster/domain';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { refusalsOf } from '../testing/issues.js';
import { startPermittingServer, type PermittingServer } from '../testing/permitting-server.js';
import { startTestApi, type TestApi } from '../testing/start-test-api.js';
import type { TestCaller } from '../testing/test-caller.js';

const REGISTER = 'mutation ($input: RegisterClusterInput!) { registerCluster(input: $input) { id namespace } }';
const TEMPLATE = 'jobs-{organization}';

describe('a managed cluster with a namespace for each organization', () => {
  let api: TestApi;
  let server: PermittingServer;
  let operator: TestCaller;
  let own: string;
  let count = 0;

  beforeAll(async () => {
    [api, server] = await Promise.all([startTestApi(), startPermittingServer()]);
    operator = await api.newCaller('acme', 'OPERATOR');
    own = namespaceFor(TEMPLATE, operator.organizationId);
  });
  afterAll(() => Promise.all([api.stop(), server.stop()]));
  beforeEach(() => {
    count += 1;
    server.asked.length = 0;
    for (const token of ['write', 'read']) server.grants.set(token, { systemUid: `uid-${count}` });
  });

  const register = (caller = operator, more: object = {}) =>
    caller.ask(REGISTER, {
      input: {
        name: `c${count}`,
        region: 'here',
        managed: true,
        namespace: TEMPLATE,
        credentials: server.credentials('write'),
        readerCredentials: server.credentials('read'),
        ...more,
      },
    });

  it('is proved in that of the operator: what it writes there, and what it watches everywhere', async () => {
    const { data } = await register();
    expect(data).toEqual({ registerCluster: { id: expect.stringMatching(/^cl_/), namespace: TEMPLATE } });
    expect(server.asked).toEqual(
      expect.arrayContaining([
        `write create jobs ${own}`,
        `write delete secrets ${own}`,
        'read list jobs *',
        'read watch pods *',
        'read watch events *',
        `read get pods/log ${own}`,
      ]),
    );
  });

  it('is told each permission that is missing, and where', async () => {
    server.grants.set('read', { systemUid: `uid-${count}`, denied: ['watch events', 'get pods/log'] });
    const answer = await register();
    expect(refusalsOf(answer)).toEqual(['CLUSTER_LACKS_PERMISSION']);
    expect(answer.errors?.[0]?.message).toBe(
      `The readerCredentials lack permissions in namespace ${own}: get pods/log; in the whole cluster: watch events`,
    );
  });

  it('is told that the namespace is not there, rather than what is missing in it', async () => {
    const missing = { missingNamespaces: [own], denied: ['create jobs'] };
    server.grants.set('write', { systemUid: `uid-${count}`, ...missing });
    const answer = await register();
    expect(refusalsOf(answer)).toEqual(['namespace: INVALID']);
    expect(JSON.stringify(answer.errors)).toContain(own);
  });

  it('cannot be a private one', async () => {
    const admin = await api.newCaller('acme', 'ADMIN');
    expect(refusalsOf(await register(admin, { managed: false }))).toEqual(['namespace: INVALID']);
  });
});
