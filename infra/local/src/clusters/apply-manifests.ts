import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { KubernetesObjectApi, PatchStrategy, type KubeConfig } from '@kubernetes/client-node';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';

const FIELD_MANAGER = 'ccluster-local';

const manifestSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().exactOptional() }),
});

export type Manifest = z.infer<typeof manifestSchema>;

/** The objects of all YAML files of a folder, in the order of the files' names. */
export function readManifests(dir: string): Manifest[] {
  const files = readdirSync(dir)
    .filter((file) => file.endsWith('.yaml'))
    .toSorted();
  return files.flatMap((file) =>
    parseAllDocuments(readFileSync(join(dir, file), 'utf8')).map((document) => manifestSchema.parse(document.toJS())),
  );
}

/** Applies objects one after the other, as `kubectl apply --server-side` does: what is there already is brought up to date. */
export async function applyManifests(kubeconfig: KubeConfig, manifests: readonly Manifest[]): Promise<void> {
  const api = KubernetesObjectApi.makeApiClient(kubeconfig);
  for (const manifest of manifests) {
    await api.patch(manifest, undefined, undefined, FIELD_MANAGER, true, PatchStrategy.ServerSideApply);
  }
}
