import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { STOP_TIMEOUT_MS } from '@ccluster/runtime';
import type { V1PodDisruptionBudget, V1Service } from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { environmentOf, instructionsOf, readDockerfile } from '../image/dockerfile.js';
import { readDeployment, readManifestFile, readManifests, variablesOf, type Manifest } from './manifests.js';
import { knownVariables, readConfig, SERVICES } from './service-configs.js';

const SECRETS = '/run/secrets/ccluster';
const stages = readDockerfile();
const manifests = readManifests();
const [secret] = readManifestFile('secret.example.yaml') as (Manifest & { stringData: Record<string, string> })[];

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ccluster-secrets-'));
  for (const [name, value] of Object.entries(secret?.stringData ?? {})) writeFileSync(join(folder, name), value);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const inFolder = (variables: Record<string, string>) =>
  Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, value.replace(SECRETS, folder)]));

describe.each(SERVICES)('the Deployment of the %s', (service) => {
  const { replicas, strategy, selector, template } = readDeployment(service).spec;
  const pod = template.spec;
  const container = pod?.containers[0];
  if (pod === undefined || container === undefined) throw new Error(`${service} has no container`);
  const image = environmentOf(instructionsOf(stages, service));
  const variables = { ...image, ...variablesOf(container) };

  it('sets only variables that the service knows, and all that it needs', async () => {
    const known = await knownVariables(service);
    const own = Object.keys(variablesOf(container));
    expect(own.filter((name) => !known.has(name))).toEqual([]);
    writeFileSync(join(folder, 'encryption-key'), Buffer.alloc(32).toString('base64'));
    const { watcherName } = await readConfig(service, inFolder(variables));
    expect(watcherName).toBe(service === 'watcher' ? 'metadata.name' : undefined);
  });

  it('would not start with the secrets of the example', async () => {
    writeFileSync(join(folder, 'encryption-key'), secret?.stringData['encryption-key'] ?? '');
    await expect(readConfig(service, inFolder(variables))).rejects.toThrow('CCLUSTER_ENCRYPTION_KEY');
  });

  it('asks the service on its own port and paths', async () => {
    writeFileSync(join(folder, 'encryption-key'), Buffer.alloc(32).toString('base64'));
    const { health, host, port } = await readConfig(service, inFolder(variables));
    expect(health ?? { host, port }).toEqual({ host: '0.0.0.0', port: container.ports?.[0]?.containerPort });
    const named = container.ports?.[0]?.name;
    const { startupProbe, livenessProbe, readinessProbe } = container;
    expect(startupProbe?.httpGet).toEqual({ path: '/livez', port: named });
    expect(livenessProbe?.httpGet).toEqual({ path: '/livez', port: named });
    expect(readinessProbe?.httpGet).toEqual({ path: '/readyz', port: named });
    // Each check of /readyz has two seconds.
    expect(readinessProbe?.timeoutSeconds).toBeGreaterThan(2);
  });

  it('gives it more time to stop than it takes, and has others serve meanwhile', async () => {
    const { drainMs = 0 } = await readConfig(service, inFolder(variables));
    expect((pod.terminationGracePeriodSeconds ?? 0) * 1_000).toBeGreaterThan(drainMs + STOP_TIMEOUT_MS + 5_000);
    expect(replicas).toBeGreaterThanOrEqual(2);
    expect(strategy).toEqual({ type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } });
  });

  it('has a budget and spreads, each by the labels of its pods', () => {
    const labels = template.metadata?.labels;
    expect(labels).toMatchObject(selector.matchLabels ?? {});
    expect(pod.topologySpreadConstraints?.map(({ labelSelector }) => labelSelector)).toEqual([selector, selector]);
    const budgets = manifests.filter(
      ({ kind }) => kind === 'PodDisruptionBudget',
    ) as unknown as V1PodDisruptionBudget[];
    const own = budgets.filter(
      ({ spec }) => spec?.selector?.matchLabels?.['app.kubernetes.io/name'] === `ccluster-${service}`,
    );
    expect(own).toHaveLength(1);
  });

  it('runs without root, token, rights or a disk to write to, in bounded memory', () => {
    expect(pod).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
    });
    for (const each of [container, ...(pod.initContainers ?? [])]) {
      expect(each.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      expect(each.resources?.limits?.['memory']).toBeDefined();
      expect(each.volumeMounts).toEqual([{ name: 'secrets', mountPath: SECRETS, readOnly: true }]);
    }
    expect(pod.volumes?.[0]?.secret?.secretName).toBe(secret?.metadata.name);
  });
});

describe('the manifests', () => {
  it('have an api that migrates before it starts, with the database alone', () => {
    const [migrate] = readDeployment('api').spec.template.spec?.initContainers ?? [];
    expect(migrate?.args).toEqual(['migrate.mjs']);
    expect(variablesOf(migrate ?? { name: '' })).toEqual({ DATABASE_URL_FILE: `${SECRETS}/database-url` });
  });

  it('have an api that serves on until it is seen not to be ready', async () => {
    const [container] = readDeployment('api').spec.template.spec?.containers ?? [];
    const { DRAIN_SECONDS } = variablesOf(container ?? { name: '' });
    const { periodSeconds = 0, failureThreshold = 0 } = container?.readinessProbe ?? {};
    expect(Number(DRAIN_SECONDS)).toBeGreaterThan(periodSeconds * failureThreshold);
  });

  it('send callers to the api', () => {
    const [service] = manifests.filter(({ kind }) => kind === 'Service') as unknown as V1Service[];
    expect(service?.spec?.selector).toEqual(readDeployment('api').spec.selector.matchLabels);
    expect(service?.spec?.ports).toEqual([{ name: 'http', port: 80, targetPort: 'http' }]);
  });

  it('hold no secret, and are all of one namespace', () => {
    expect(manifests.filter(({ kind }) => kind === 'Secret')).toEqual([]);
    for (const { kind, metadata } of manifests)
      expect(kind === 'Namespace' ? metadata.name : metadata.namespace).toBe('ccluster');
    for (const value of Object.values(secret?.stringData ?? {})) expect(value).toContain('REPLACE-ME');
  });
});
