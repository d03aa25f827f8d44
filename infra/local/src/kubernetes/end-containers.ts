import { readFileSync, readdirSync, rmdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { containerIdsDir } from './containerd-config.js';

const END_TIMEOUT_MS = 10_000;
const CGROUP_ROOT = '/sys/fs/cgroup';

/**
 * Ends every container of a cluster, whether or not the shim that looks after it lives, and removes their control groups.
 * @param dir the cluster's own directory
 */
export async function endContainers(dir: string): Promise<void> {
  const deadlineMs = performance.now() + END_TIMEOUT_MS;
  for (let left = endOnce(dir); left > 0; left = endOnce(dir)) {
    if (performance.now() > deadlineMs) throw new Error(`${left} parts of containers of ${dir} outlive SIGKILL`);
    await sleep(50);
  }
}

/** SIGKILL to all that is still there; how many processes and control groups that were. */
function endOnce(dir: string): number {
  const cgroups = findCgroups(dir);
  const pids = [...findRuntimeProcesses(dir), ...cgroups.flatMap(processesIn)];
  pids.forEach(killNow);
  return pids.length + cgroups.filter((cgroup) => !isRemoved(cgroup)).length;
}

/** The control groups of a cluster's containers: one each, or one for each controller (version 1). */
function findCgroups(dir: string): string[] {
  const parents = ['', ...entriesOf(CGROUP_ROOT)].map((controller) => join(CGROUP_ROOT, controller, 'k8s.io'));
  const ours = new Set(entriesOf(containerIdsDir(dir)));
  return parents.flatMap((parent) =>
    entriesOf(parent)
      .filter((id) => ours.has(id))
      .map((id) => join(parent, id)),
  );
}

function processesIn(cgroup: string): number[] {
  return textOf(join(cgroup, 'cgroup.procs')).split('\n').filter(Boolean).map(Number);
}

/** Shims, and runc at work: their arguments name sockets and files of the cluster's own directory. */
function findRuntimeProcesses(dir: string): number[] {
  const pids = entriesOf('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => {
    const [command = '', ...args] = textOf(`/proc/${pid}/cmdline`).split('\0');
    const isRuntime = ['containerd-shim-runc-v2', 'runc'].includes(basename(command));
    return isRuntime && args.some((argument) => argument.startsWith(`${dir}/`));
  });
}

function killNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

/** A control group can only be removed when its last process has quite gone. */
function isRemoved(cgroup: string): boolean {
  try {
    rmdirSync(cgroup);
    return true;
  } catch (error) {
    return isMissing(error);
  }
}

function entriesOf(dir: string): string[] {
  return whatIsThere(() => readdirSync(dir), []);
}

function textOf(file: string): string {
  return whatIsThere(() => readFileSync(file, 'utf8'), '');
}

/** Processes and control groups vanish while we look. */
function whatIsThere<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch (error) {
    if (isMissing(error)) return otherwise;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && ['ENOENT', 'ENOTDIR', 'ESRCH', 'ENODEV'].includes(String(error.code))
  );
}
