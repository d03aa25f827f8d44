import type { LocalContext } from '../support/context.js';
import { busyboxEntries, textFile } from './busybox.js';
import { assembleImage } from './container-image.js';
import { pushImage, type Registry } from './push-image.js';

/** An image as `createJob` names it. */
export interface PushedImage {
  /** Without a tag: `127.0.0.1:25000/busybox` */
  url: string;
  tag: string;
}

/** Puts `busybox:1` into the open registry and `private/tool:1`, which has other content, into the locked one. */
export async function pushImages(
  context: LocalContext,
  registries: { open: Registry; locked: Registry },
): Promise<{ open: PushedImage; locked: PushedImage }> {
  const entries = await busyboxEntries(context);
  const busybox = assembleImage({ entries, command: ['sh'] });
  // A kubelet lets only pods with the secret use an image that it once pulled with it: the content must differ.
  const tool = assembleImage({
    entries: [...entries, textFile('etc/private-tool', 'only with the password\n')],
    command: ['cat', '/etc/private-tool'],
    labels: { 'io.ccluster.private': 'true' },
  });
  await pushImage(registries.open, 'busybox', '1', busybox, context.signal);
  await pushImage(registries.locked, 'private/tool', '1', tool, context.signal);
  return {
    open: { url: `${new URL(registries.open.url).host}/busybox`, tag: '1' },
    locked: { url: `${new URL(registries.locked.url).host}/private/tool`, tag: '1' },
  };
}
