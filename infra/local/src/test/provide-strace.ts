import { join } from 'node:path';

import type { LocalContext } from '../support/context.js';
import { debianLibraryPath, unpackDebianPackages } from '../support/debian-packages.js';

/** strace and its `LD_LIBRARY_PATH`, for faults in single system calls. */
export async function provideStrace(context: LocalContext): Promise<{ path: string; libraryPath: string }> {
  const root = await unpackDebianPackages(context, 'strace', ['strace', 'libunwind8']);
  return { path: join(root, 'usr/bin/strace'), libraryPath: debianLibraryPath(root) };
}
