import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { TestEnvironment } from '@ccluster/testkit';

import { startService, type ServiceProcess } from '../../../support/service-process.js';
import { NAME_SERVER } from './name-server.js';
import { parseTrace, type Trace } from './read-trace.js';

export interface TracedApi {
  readonly service: ServiceProcess;
  /** Of the api itself. */
  readonly pid: number;
  /** What it has done so far. */
  trace(): Trace;
}

/** An eighth of what it is given in production: V8 leaves rubbish lying for as long as there is room, and what is kept shows. */
const HEAP_MIB = 256;
/** With its own /etc/resolv.conf; the process that asks for names is the same one. */
const MOUNT_AND_RUN = 'mount --bind "$1" /etc/resolv.conf && shift && exec "$@"';

/**
 * Starts an api every file, program and connection of which is written down.
 * @param directory for what is written
 * @param asksOurNames it asks the name server of ours; needs root
 */
export async function startTracedApi(
  strace: NonNullable<TestEnvironment['strace']>,
  env: Record<string, string>,
  { directory, asksOurNames }: { readonly directory: string; readonly asksOurNames: boolean },
): Promise<TracedApi> {
  const traceFile = join(directory, 'trace');
  const calls = '?open,openat,?openat2,execve,execveat,connect';
  const tracing = [strace.path, '-D', '-f', '-yy', '-s', '4096', '-e', `trace=${calls}`, '-o', traceFile];
  const runner = asksOurNames ? [...mountNames(directory), ...tracing] : tracing;
  const libraries = strace.libraryPath === '' ? {} : { LD_LIBRARY_PATH: strace.libraryPath };
  // What it reads through io_uring would not be a call to be traced.
  const bounds = { UV_USE_IO_URING: '0', NODE_OPTIONS: `--max-old-space-size=${HEAP_MIB}` };
  const service = await startService('api', 'hostile', { ...env, ...libraries, ...bounds }, runner);
  const trace = () => parseTrace(readFileSync(traceFile, 'utf8'));
  const [pid] = trace().pids;
  if (pid === undefined) throw new Error('strace has seen nothing');
  return { service, pid, trace };
}

function mountNames(directory: string): string[] {
  const resolver = join(directory, 'resolv.conf');
  writeFileSync(resolver, `nameserver ${NAME_SERVER}\noptions timeout:1 attempts:1\n`);
  return ['unshare', '--mount', '--', 'sh', '-c', MOUNT_AND_RUN, 'sh', resolver];
}
