import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { LocalContext } from './context.js';
import { CommandFailed, runCommand } from './run-command.js';

const DOWNLOAD_TIMEOUT_MS = 300_000;

/**
 * Unpacks Debian packages into `.local/debian/<name>` without installing them; nothing is done when they are there.
 * Dependencies are not resolved: `packages` names all that is needed. Gives the root of the unpacked tree.
 */
export async function unpackDebianPackages(context: LocalContext, name: string, packages: string[]): Promise<string> {
  const root = join(context.localDir, 'debian', name);
  const wanted = packages.join('\n');
  if (findStamp(root) === wanted) return root;
  await context.progress.run(`unpack Debian packages: ${packages.join(', ')}`, async () => {
    const work = `${root}.partial`;
    rmSync(work, { recursive: true, force: true });
    rmSync(root, { recursive: true, force: true });
    mkdirSync(join(work, 'tree'), { recursive: true });
    await downloadPackages(context, work, packages);
    for (const file of readdirSync(work).filter((entry) => entry.endsWith('.deb'))) {
      await runCommand('dpkg-deb', ['--extract', join(work, file), join(work, 'tree')], limits(context, 60_000));
    }
    writeFileSync(join(work, 'tree', '.packages'), wanted);
    renameSync(join(work, 'tree'), root);
    rmSync(work, { recursive: true });
  });
  return root;
}

/** `LD_LIBRARY_PATH` for a program from such a tree. */
export function debianLibraryPath(root: string): string {
  const triple = { x64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' }[process.arch as string] ?? process.arch;
  return [join(root, 'usr/lib', triple), join(root, 'lib', triple)].join(':');
}

function findStamp(root: string): string | undefined {
  const stamp = join(root, '.packages');
  return existsSync(stamp) ? readFileSync(stamp, 'utf8') : undefined;
}

async function downloadPackages(context: LocalContext, dir: string, packages: string[]): Promise<void> {
  const download = (options: string[]): Promise<string> =>
    runCommand('apt-get', [...options, '-q', 'download', ...packages], {
      cwd: dir,
      ...limits(context, DOWNLOAD_TIMEOUT_MS),
    });
  try {
    await download([]);
  } catch (error) {
    if (isMissing(error))
      throw new Error('apt-get is missing: the native environment needs Debian or a Debian-like system', {
        cause: error,
      });
    // The machine's package lists are empty or old: fetch lists of our own and leave the machine's alone.
    const lists = privateLists(dir);
    await runCommand('apt-get', [...lists, '-q', 'update'], limits(context, DOWNLOAD_TIMEOUT_MS));
    await download(lists);
  }
}

function privateLists(dir: string): string[] {
  mkdirSync(join(dir, 'lists', 'partial'), { recursive: true });
  return [
    '-o',
    `Dir::State::Lists=${join(dir, 'lists')}`,
    '-o',
    'Dir::Cache::pkgcache=',
    '-o',
    'Dir::Cache::srcpkgcache=',
  ];
}

function limits(context: LocalContext, timeoutMs: number): { signal: AbortSignal; timeoutMs: number } {
  return { signal: context.signal, timeoutMs };
}

function isMissing(error: unknown): boolean {
  return (
    error instanceof CommandFailed &&
    error.cause instanceof Error &&
    'code' in error.cause &&
    error.cause.code === 'ENOENT'
  );
}
