import { readFileSync } from 'node:fs';
import { parseKubeconfig } from '@ccluster/kubernetes';
import { readTestEnvironment } from '@ccluster/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusalsOf } from '../testing/issues.js';
import { startTestApi, type TestApi } from '../testing/start-test-api.js';
import type { TestCaller } from '../testing/test-caller.js';

const REGISTER = `mutation ($input: RegisterClusterInput!) { registerCluster(input: $input) {
  id name displayName region provider ownership status reason { code } draining autoscaling namespace kubernetesVersion
  lastSeenAt instanceTypes { id } capacity { gpuType } } }`;
const NAMESPACE = 'ccluster-jobs';

describe('clusters', () => {
  const [east, west] = readTestEnvironment().clusters;
  let api: TestApi;
  let operator: TestCaller;
  let eastId: string;

  const text = (file: string) => readFileSync(file, 'utf8');
  const inputFor = (cluster: typeof east) => ({
    name: cluster!.name,
    region: cluster!.region,
    managed: true,
    namespace: NAMESPACE,
    credentials: { kubeconfig: text(cluster!.dispatcherKubeconfig) },
    readerCredentials: { kubeconfig: text(cluster!.watcherKubeconfig) },
  });
  const register = (caller: TestCaller, changes: Record<string, unknown> = {}, cluster = east) =>
    caller.ask(REGISTER, { input: { ...inputFor(cluster), ...changes } });

  beforeAll(async () => {
    api = await startTestApi();
    operator = await api.newCaller('acme', 'OPERATOR');
    const { registerCluster } = await operator.get<{ registerCluster: { id: string } }>(REGISTER, {
      input: inputFor(east),
    });
    eastId = registerCluster.id;
  });

  afterAll(() => api.stop());

  it('are registered with credentials that have proved to work', async () => {
    const { data, errors } = await operator.ask(REGISTER, { input: inputFor(west) });
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      registerCluster: {
        id: expect.stringMatching(/^cl_/),
        name: west?.name,
        displayName: west?.name,
        region: west?.region,
        provider: null,
        ownership: 'MANAGED',
        status: 'HEALTHY',
        reason: null,
        draining: false,
        autoscaling: false,
        namespace: NAMESPACE,
        kubernetesVersion: expect.stringMatching(/^v1\.\d+/),
        lastSeenAt: null,
        instanceTypes: [],
        capacity: [],
      },
    });
  });

  it('have their credentials stored only sealed, each for its service', async () => {
    const { rows } = await api.database.pool.query('select * from clusters where id = $1', [eastId]);
    const { credentials, reader_credentials: readerCredentials } = rows[0] as Record<string, Buffer>;
    const open = (sealed: Buffer | undefined, use: string) =>
      JSON.parse(api.sealer.open(sealed!, `clusters:${eastId}:${use}`).reveal()) as unknown;
    expect(open(credentials, 'credentials')).toEqual(parseKubeconfig(text(east!.dispatcherKubeconfig)));
    expect(open(readerCredentials, 'reader')).toEqual(parseKubeconfig(text(east!.watcherKubeconfig)));
    const { bearerToken = 'none' } = parseKubeconfig(text(east!.dispatcherKubeconfig));
    expect(JSON.stringify(rows) + api.logged()).not.toContain(bearerToken);
  });

  it('are registered once for each namespace, under a name of their own', async () => {
    expect(refusalsOf(await register(operator, { name: 'again' }))).toEqual(['CLUSTER_EXISTS']);
    const admin = await api.newCaller('acme', 'ADMIN');
    expect(refusalsOf(await register(admin, { managed: false, name: 'again' }))).toEqual(['CLUSTER_EXISTS']);
  });

  it('are not for everyone to register', async () => {
    const admin = await api.newCaller('acme', 'ADMIN');
    const submitter = await api.newCaller('acme', 'SUBMITTER');
    expect(refusalsOf(await register(admin))).toEqual(['FORBIDDEN']);
    expect(refusalsOf(await register(submitter, { managed: false }))).toEqual(['FORBIDDEN']);
  });

  it('that cannot be reached are refused', async () => {
    const server = 'https://127.0.0.1:1';
    const answer = await register(operator, { credentials: { server, bearerToken: 'none' }, readerCredentials: null });
    expect(refusalsOf(answer)).toEqual(['CLUSTER_UNREACHABLE']);
  });

  it('at addresses that the operator has not allowed are not connected to', async () => {
    const guarded = await startTestApi({ clusterAddresses: '10.255.0.0/16' });
    const caller = await guarded.newCaller('acme', 'OPERATOR');
    const answer = await register(caller);
    await guarded.stop();
    expect(refusalsOf(answer)).toEqual(['KUBECONFIG_REFUSED']);
    expect(answer.errors?.[0]?.message).toContain('address that this installation does not connect to');
  });

  it('that do not know the credentials are refused', async () => {
    const { bearerToken: _, ...rest } = parseKubeconfig(text(east!.dispatcherKubeconfig));
    const credentials = { ...rest, bearerToken: 'canary-7c1f', clientCertificate: null, clientKey: null };
    const answer = await register(operator, { credentials, readerCredentials: null });
    expect(refusalsOf(answer)).toEqual(['CLUSTER_REFUSED']);
    expect(JSON.stringify(answer)).not.toContain('canary-7c1f');
  });

  it('that do not permit all that is needed are refused, with each permission that is missing', async () => {
    const watcher = { kubeconfig: text(east!.watcherKubeconfig) };
    const answer = await register(operator, { credentials: watcher });
    expect(refusalsOf(answer)).toEqual(['CLUSTER_LACKS_PERMISSION']);
    for (const missing of ['create jobs.batch', 'patch jobs.batch/status', 'delete secrets']) {
      expect(answer.errors?.[0]?.message).toContain(missing);
    }
    expect(answer.errors?.[0]?.message).not.toContain('list pods');
  });

  it('whose namespace is not there are refused', async () => {
    const admin = { kubeconfig: text(east!.kubeconfig) };
    const answer = await register(operator, { namespace: 'not-there', credentials: admin, readerCredentials: null });
    expect(refusalsOf(answer)).toEqual(['namespace: INVALID']);
  });

  it('have credentials for one and the same cluster', async () => {
    const readerCredentials = { kubeconfig: text(west!.watcherKubeconfig) };
    expect(refusalsOf(await register(operator, { readerCredentials }))).toEqual(['CLUSTER_MISMATCH']);
  });

  it('refuse credentials that could run a program, and parts next to a kubeconfig', async () => {
    const kubeconfig = `apiVersion: v1\nkind: Config\nusers: [{name: a, user: {exec: {command: canary-11d0}}}]\n`;
    for (const credentials of [{ kubeconfig }, { kubeconfig, server: 'https://canary-11d0' }]) {
      const answer = await register(operator, { credentials });
      expect(refusalsOf(answer)).toEqual(['KUBECONFIG_REFUSED']);
      expect(JSON.stringify(answer)).not.toContain('canary-11d0');
    }
  });

  describe('of one organization', () => {
    it('are seen by nobody else, and managed ones by all', async () => {
      const name = 'private-west';
      await api.database.pool.query('update clusters set organization_id = $1, name = $2 where name = $3', [
        operator.organizationId,
        name,
        west?.name,
      ]);
      const names = async (caller: TestCaller) => {
        const { clusters } = await caller.get<{ clusters: { name: string }[] }>('{ clusters { name } }');
        return clusters.map((cluster) => cluster.name);
      };
      expect(await names(operator)).toEqual([east?.name, name]);
      const stranger = await api.newCaller('umbrella', 'OPERATOR');
      expect(await names(stranger)).toEqual([east?.name]);
      const { clusters } = await operator.get<{ clusters: { id: string; name: string }[] }>('{ clusters { id name } }');
      const id = clusters.find((cluster) => cluster.name === name)?.id;
      const seen = await stranger.ask(
        'query ($id: ID!) { cluster(id: $id) { id } instanceTypes(clusterId: $id) { id } }',
        { id },
      );
      expect(seen.data).toEqual({ cluster: null, instanceTypes: [] });
    });
  });
});
