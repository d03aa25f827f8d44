import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { LocalContext } from '../support/context.js';
import { unpackDebianPackages } from '../support/debian-packages.js';
import { runCommand } from '../support/run-command.js';
import type { TarEntry } from './tar-archive.js';

/** The files of a minimal system: a static busybox with a link for each of its commands, users, and `/tmp`. */
export async function busyboxEntries(context: LocalContext): Promise<TarEntry[]> {
  const root = await unpackDebianPackages(context, 'busybox', ['busybox-static']);
  const path = join(root, 'bin', 'busybox');
  const list = await runCommand(path, ['--list'], { signal: context.signal, timeoutMs: 10_000 });
  return systemEntries(await readFile(path), list.trim().split('\n'));
}

/** The same from a given binary and its command names. */
export function systemEntries(busybox: Buffer, commands: readonly string[]): TarEntry[] {
  return [
    ...['bin', 'etc', 'root', 'usr', 'usr/bin'].map(directory),
    { ...directory('tmp'), mode: 0o1777 },
    { path: 'bin/busybox', mode: 0o755, content: { file: busybox } },
    ...commands.filter((command) => command !== 'busybox').map((command) => link(`bin/${command}`, 'busybox')),
    link('usr/bin/env', '../../bin/busybox'),
    textFile('etc/passwd', 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\n'),
    textFile('etc/group', 'root:x:0:\nnogroup:x:65534:\n'),
  ];
}

export function textFile(path: string, text: string): TarEntry {
  return { path, mode: 0o644, content: { file: Buffer.from(text) } };
}

function directory(path: string): TarEntry {
  return { path, mode: 0o755, content: 'directory' };
}

function link(path: string, linkTo: string): TarEntry {
  return { path, mode: 0o777, content: { linkTo } };
}
