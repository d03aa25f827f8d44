import { randomBytes } from 'node:crypto';

import { readTestEnvironment, waitFor } from '@ccluster/testkit';
import { CoreV1Api, KubeConfig, type V1PodSpec } from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { dryRun } from '../deploy/dry-run.js';
import { readDeployment, readManifestFile, readManifests, type Manifest } from '../deploy/manifests.js';
import { SERVICES } from '../deploy/service-configs.js';

const namespace = `t-${randomBytes(6).toString('hex')}`;
const config = new KubeConfig();
let core: CoreV1Api;

/** The same in the test's own namespace, which has the labels of that in the manifests. */
function here<T extends Manifest>(manifest: T): T {
  const { metadata, kind } = manifest;
  const place = kind === 'Namespace' ? { name: `${namespace}-2` } : { namespace };
  return { ...manifest, metadata: { ...metadata, ...place } };
}

function podOf(service: string, change: (spec: V1PodSpec) => V1PodSpec = (spec) => spec): Manifest {
  const { template } = readDeployment(service).spec;
  const metadata = { name: `${service}-1`, namespace, labels: template.metadata?.labels ?? {} };
  const spec = change(structuredClone(template.spec as V1PodSpec));
  return { apiVersion: 'v1', kind: 'Pod', metadata, spec } as Manifest;
}

beforeAll(async () => {
  const [cluster] = readTestEnvironment().clusters;
  config.loadFromFile(cluster?.kubeconfig ?? '');
  core = config.makeApiClient(CoreV1Api);
  const labels = readManifests().find(({ kind }) => kind === 'Namespace')?.metadata.labels ?? {};
  await core.createNamespace({ body: { metadata: { name: namespace, labels } } });
  // Pods are refused whose account is not there.
  for (const service of SERVICES)
    await core.createNamespacedServiceAccount({ namespace, body: { metadata: { name: `ccluster-${service}` } } });
});

afterAll(() => core.deleteNamespace({ name: namespace }));

const accepted = { status: 201, warnings: [], message: '' };

describe('a real API server', () => {
  const manifests = [...readManifests(), ...readManifestFile('secret.example.yaml')].filter(
    ({ kind }) => kind !== 'ServiceAccount',
  );

  it.each(manifests.map((manifest) => [`${manifest.kind} ${manifest.metadata.name}`, manifest] as const))(
    'takes %s, every field of it, without a warning',
    async (_, manifest) => {
      expect(await dryRun(config, here(manifest), namespace)).toEqual(accepted);
    },
  );

  it('takes the service accounts', async () => {
    const accounts = readManifests().filter(({ kind }) => kind === 'ServiceAccount');
    for (const account of accounts) {
      const { metadata } = here(account);
      const another = { ...account, metadata: { ...metadata, name: `${metadata.name}-2` } };
      expect(await dryRun(config, another, namespace)).toEqual(accepted);
    }
    expect(accounts).toHaveLength(SERVICES.length);
  });

  it.each(SERVICES)('takes a pod of the %s in a namespace of restricted pods', async (service) => {
    // Admission may learn of the namespace a little later than it is made.
    const isTaken = async () => (await dryRun(config, podOf(service), namespace)).status === 201;
    await waitFor(isTaken, { timeoutMs: 20_000, what: 'a pod to be taken' });
    expect(await dryRun(config, podOf(service), namespace)).toEqual(accepted);
  });

  it('would refuse a pod of another kind, and a field that is none', async () => {
    const root = podOf('api', (spec) => Object.assign(spec, { securityContext: {} }));
    expect(await dryRun(config, root, namespace)).toMatchObject({
      status: 403,
      message: expect.stringContaining('violates PodSecurity "restricted'),
    });
    const unknown = podOf('api', (spec) => Object.assign(spec, { terminationGracePeriod: 30 }));
    expect(await dryRun(config, unknown, namespace)).toMatchObject({
      status: 400,
      message: expect.stringContaining('unknown field "spec.terminationGracePeriod"'),
    });
  });
});
