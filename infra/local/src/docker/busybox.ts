import { mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { systemEntries } from '../images/busybox.js';
import type { TarEntry } from '../images/tar-archive.js';
import type { LocalContext } from '../support/context.js';
import { runCommand } from '../support/run-command.js';

/** Linked statically, so it needs nothing else of its image. */
const IMAGE = 'busybox:1.37-musl';

/** The files of a minimal system, its busybox taken from Docker's image. */
export async function dockerBusyboxEntries(context: LocalContext): Promise<TarEntry[]> {
  const docker = (...args: string[]): Promise<string> =>
    runCommand('docker', args, { signal: context.signal, timeoutMs: 120_000 });
  const commands = await docker('run', '--rm', IMAGE, 'busybox', '--list');
  const container = (await docker('create', IMAGE)).trim();
  const path = join(context.localDir, 'docker', 'busybox');
  mkdirSync(join(path, '..'), { recursive: true });
  try {
    await docker('cp', `${container}:/bin/busybox`, path);
  } finally {
    await docker('rm', container);
  }
  return systemEntries(await readFile(path), commands.trim().split('\n'));
}
