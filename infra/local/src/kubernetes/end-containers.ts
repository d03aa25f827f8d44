import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

import { runCommand } from '../support/run-command.js';

const END_TIMEOUT_MS = 10_000;
const UNMOUNT_TIMEOUT_MS = 10_000;

/**
 * Ends every container of a cluster and unmounts what they had mounted.
 * @param dir the cluster's own directory: its shims name it on their command lines, its mounts lie in it
 */
export async function endContainers(dir: string): Promise<void> {
  const deadlineMs = performance.now() + END_TIMEOUT_MS;
  for (let left = endProcesses(dir); left > 0; left = endProcesses(dir)) {
    if (performance.now() > deadlineMs) throw new Error(`${left} containers of ${dir} do not end after SIGKILL`);
    await sleep(50);
  }
  for (const target of mountsBelow(dir)) {
    await runCommand('umount', ['--lazy', target], { timeoutMs: UNMOUNT_TIMEOUT_MS });
  }
}

/** SIGKILL to all shims and their descendants; how many were still there. */
function endProcesses(dir: string): number {
  const processes = listProcesses();
  const ours = new Set(processes.filter(({ command }) => command.includes(`${dir}/`)).map(({ pid }) => pid));
  for (let grown = -1; grown !== ours.size; ) {
    grown = ours.size;
    for (const { pid, parent } of processes) if (ours.has(parent)) ours.add(pid);
  }
  ours.delete(process.pid);
  for (const pid of ours) kill(pid);
  return ours.size;
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

interface RunningProcess {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

function listProcesses(): RunningProcess[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    try {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      const parent = Number(/^PPid:\s+(\d+)$/m.exec(status)?.[1]);
      if (/^State:\s+Z/m.test(status)) return [];
      return [{ pid: Number(pid), parent, command: readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ') }];
    } catch {
      return []; // It ended while we looked.
    }
  });
}

/** Mount points below a directory, the innermost first. */
function mountsBelow(dir: string): string[] {
  const targets = readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[4] ?? '')
    .map((target) => target.replaceAll(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8))));
  return targets.filter((target) => target.startsWith(`${dir}/`)).reverse();
}
