import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { V1Container, V1Deployment } from '@kubernetes/client-node';
import { parseAllDocuments } from 'yaml';

import { repository } from '../image/dockerfile.js';

const manifestFolder = join(repository, 'infra', 'deploy', 'kubernetes');

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels?: Record<string, string> };
}

export function readManifestFile(name: string): Manifest[] {
  const text = readFileSync(join(manifestFolder, name), 'utf8');
  return parseAllDocuments(text).map((document) => {
    if (document.errors.length > 0) throw new Error(`${name}: ${document.errors.join('; ')}`);
    return document.toJS() as Manifest;
  });
}

/** In the order of the kustomization, which has all but the example of secrets. */
export function readManifests(): Manifest[] {
  const [{ resources = [] } = {}] = readManifestFile('kustomization.yaml') as unknown as { resources?: string[] }[];
  const others = readdirSync(manifestFolder).filter(
    (name) => !resources.includes(name) && !['kustomization.yaml', 'secret.example.yaml'].includes(name),
  );
  if (others.length > 0) throw new Error(`In no kustomization: ${others.join(', ')}`);
  return resources.flatMap(readManifestFile);
}

/** Of a service; throws where there is none. */
export function readDeployment(service: string): V1Deployment & { spec: NonNullable<V1Deployment['spec']> } {
  const found = readManifests().find(
    ({ kind, metadata }) => kind === 'Deployment' && metadata.name === `ccluster-${service}`,
  );
  if (found === undefined) throw new Error(`No Deployment of ${service}`);
  return found as unknown as ReturnType<typeof readDeployment>;
}

/** Its variables, with those of ConfigMaps; a field of the pod stands as its path. */
export function variablesOf({ env = [], envFrom = [] }: V1Container): Record<string, string> {
  const maps = readManifests().filter(({ kind }) => kind === 'ConfigMap') as (Manifest & {
    data: Record<string, string>;
  })[];
  const shared = envFrom.map(({ configMapRef }) => {
    const map = maps.find(({ metadata }) => metadata.name === configMapRef?.name);
    if (map === undefined) throw new Error(`No ConfigMap ${configMapRef?.name}`);
    return map.data;
  });
  const own = env.map(({ name, value, valueFrom }) => [name, value ?? valueFrom?.fieldRef?.fieldPath ?? '']);
  return Object.assign({}, ...shared, Object.fromEntries(own)) as Record<string, string>;
}
