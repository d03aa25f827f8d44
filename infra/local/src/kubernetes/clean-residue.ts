import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import type { LocalContext } from '../support/context.js';
import { removeBridgesOf } from './bridge.js';
import { endContainers } from './end-containers.js';

/**
 * Removes what native clusters of this checkout left behind when everything was killed: containers, bridges, and their
 * data, which never serves a second start. Their mounts went with the last process that saw them.
 */
export async function cleanKubernetesResidue({ localDir }: LocalContext): Promise<void> {
  const clusters = join(localDir, 'clusters');
  if (!existsSync(clusters)) return;
  for (const name of readdirSync(clusters)) await endContainers(join(clusters, name));
  await removeBridgesOf(localDir);
  rmSync(clusters, { recursive: true, force: true });
}
