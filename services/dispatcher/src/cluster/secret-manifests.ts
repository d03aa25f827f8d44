import { kubernetesJobName, registryHost, type JobSecrets } from '@ccluster/domain';
import type { V1Secret } from '@kubernetes/client-node';
import type { JobOrder, KubernetesJobRef } from './cluster-writer.js';
import { ownershipLabels, secretName, type Ownership } from './job-manifest.js';

/**
 * The Secrets an order needs: none, or one with its variables, or one for its registry, or both. They belong to the
 * Kubernetes Job with exactly that uid, and Kubernetes deletes them with it.
 */
export function secretManifests(
  order: JobOrder,
  ownership: Ownership,
  owner: KubernetesJobRef,
  secrets: JobSecrets,
): V1Secret[] {
  const manifests: V1Secret[] = [];
  if (order.spec.env.length > 0) {
    manifests.push(secret(order, ownership, owner, 'env', 'Opaque', environment(order, secrets)));
  }
  if (secrets.imagePull !== null) {
    const content = { '.dockerconfigjson': dockerConfig(order, secrets.imagePull) };
    manifests.push(secret(order, ownership, owner, 'pull', 'kubernetes.io/dockerconfigjson', content));
  }
  return manifests;
}

function secret(
  order: JobOrder,
  ownership: Ownership,
  owner: KubernetesJobRef,
  content: 'env' | 'pull',
  type: string,
  values: Record<string, string>,
): V1Secret {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: secretName(order, content),
      namespace: order.namespace,
      labels: ownershipLabels(order, ownership),
      ownerReferences: [
        { apiVersion: 'batch/v1', kind: 'Job', name: kubernetesJobName(order.spec.name, order.jobId), uid: owner.uid },
      ],
    },
    type,
    immutable: true,
    data: Object.fromEntries(Object.entries(values).map(([key, value]) => [key, base64(value)])),
  };
}

function environment(order: JobOrder, secrets: JobSecrets): Record<string, string> {
  return Object.fromEntries(
    order.spec.env.map((variable) => {
      if (!variable.secret) return [variable.name, variable.value];
      const value = secrets.env[variable.name];
      if (value === undefined) throw new Error(`The secret value of ${variable.name} is not stored`);
      return [variable.name, value.reveal()];
    }),
  );
}

function dockerConfig(order: JobOrder, { username, password }: NonNullable<JobSecrets['imagePull']>): string {
  const entry = { username, password: password.reveal(), auth: base64(`${username}:${password.reveal()}`) };
  return JSON.stringify({ auths: { [registryHost(order.spec.imageUrl)]: entry } });
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}
