import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { startPermittingServer, type PermittingServer } from '../testing/permitting-server.js';
import { checkCluster } from './check-cluster.js';

const here = { CLUSTER_ADDRESSES_ALLOWED: '127.0.0.1' };

describe('the check of a cluster', () => {
  let server: PermittingServer;
  let folder: string;

  beforeAll(async () => {
    server = await startPermittingServer();
    folder = mkdtempSync(join(tmpdir(), 'check-'));
    for (const token of ['write', 'read']) writeFileSync(file(token), kubeconfigFor(token));
  });
  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true });
  });
  beforeEach(() => {
    for (const token of ['write', 'read']) server.grants.set(token, { systemUid: 'uid-1' });
  });

  const file = (token: string) => join(folder, `${token}.kubeconfig`);
  const kubeconfigFor = (token: string) => {
    const { server: address, caCertificate = '' } = server.credentials(token);
    const authority = Buffer.from(caCertificate).toString('base64');
    return stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'c', cluster: { server: address, 'certificate-authority-data': authority } }],
      users: [{ name: 'u', user: { token } }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'x',
    });
  };
  const check = (env: Record<string, string> = here) =>
    checkCluster(['--namespace', 'jobs', '--credentials', file('write'), '--reader-credentials', file('read')], env);

  it('finds nothing where it could be registered', async () => {
    expect(await check()).toEqual([]);
  });

  it('names all that is missing, of both credentials at once', async () => {
    server.grants.set('write', { systemUid: 'uid-1', denied: ['create jobs', 'delete secrets'] });
    server.grants.set('read', { systemUid: 'uid-1', denied: ['get pods/log'] });
    expect(await check()).toEqual([
      'The credentials lack permissions in namespace jobs: create jobs.batch, delete secrets',
      'The readerCredentials lack permissions in namespace jobs: get pods/log',
    ]);
  });

  it.each([
    ['a namespace that is not there', { systemUid: 'uid-1', missingNamespaces: ['jobs'] }, 'kubectl create namespace'],
    ['another cluster', { systemUid: 'uid-2' }, 'different clusters'],
    ['a version that is too old', { systemUid: 'uid-1', version: 'v1.25.0' }, 'v1.25.0'],
  ])('finds %s', async (_, grant, words) => {
    server.grants.set('write', grant);
    expect((await check()).join()).toContain(words);
  });

  it('finds credentials that are not known, without repeating them', async () => {
    server.grants.delete('write');
    const problems = await check();
    expect(problems).toEqual([expect.stringContaining('With the credentials: Unauthorized')]);
  });

  it('finds an address that the installation would not connect to', async () => {
    expect((await check({})).join()).toContain('does not connect to');
  });

  it('says what to give', async () => {
    await expect(checkCluster(['--namespace', 'jobs'], here)).rejects.toThrow('Give --namespace');
  });
});
