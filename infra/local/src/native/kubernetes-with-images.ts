import type { ClustersWithImages } from '../clusters/cluster.js';
import { busyboxEntries } from '../images/busybox.js';
import { pushImages } from '../images/push-images.js';
import { startNativeKubernetes } from '../kubernetes/start-native-kubernetes.js';
import { allOrFirstFailure } from '../support/all-or-first-failure.js';
import type { LocalContext } from '../support/context.js';
import { startNativeRegistries } from './registries.js';

/** Two clusters and two registries that they pull from, as processes of this machine. */
export async function startNativeKubernetesWithImages(context: LocalContext): Promise<ClustersWithImages> {
  const registries = await context.progress.run('image registries', () => startNativeRegistries(context));
  const addresses = [registries.open, registries.locked].map(({ url }) => ({ address: new URL(url).host }));
  const [clusters, images] = await allOrFirstFailure([
    startNativeKubernetes(context, { registries: addresses }),
    context.progress.run('push images', async () =>
      pushImages(registries, await busyboxEntries(context), context.signal),
    ),
  ] as const);
  return { clusters, ...images };
}
