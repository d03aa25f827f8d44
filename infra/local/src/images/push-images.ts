import type { ClustersWithImages } from '../clusters/cluster.js';
import { textFile } from './busybox.js';
import { assembleImage } from './container-image.js';
import { pushImage, type Registries } from './push-image.js';
import type { TarEntry } from './tar-archive.js';

/** Puts `busybox:1` into the open registry and `private/tool:1`, which has other content, into the locked one. */
export async function pushImages(
  { open, locked }: Registries,
  system: readonly TarEntry[],
  signal: AbortSignal,
): Promise<Pick<ClustersWithImages, 'image' | 'privateImage'>> {
  const busybox = assembleImage({ entries: system, command: ['sh'] });
  // A kubelet lets only pods with the secret use an image that it once pulled with it: the content must differ.
  const tool = assembleImage({
    entries: [...system, textFile('etc/private-tool', 'only with the password\n')],
    command: ['cat', '/etc/private-tool'],
    labels: { 'io.ccluster.private': 'true' },
  });
  await pushImage(open, 'busybox', '1', busybox, signal);
  await pushImage(locked, 'private/tool', '1', tool, signal);
  return {
    image: { url: `${new URL(open.url).host}/busybox`, tag: '1' },
    privateImage: { url: `${new URL(locked.url).host}/private/tool`, tag: '1', ...locked.credentials },
  };
}
