import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const TIMEOUT_MS = 10_000;
const POLL_MS = 5;

/** Stops a process and all that descend from it; gives them. Resolves when none of them does anything any more. */
export async function pauseTree(root: number): Promise<number[]> {
  signal(root, 'SIGSTOP');
  // Once it stands still it starts no other.
  await waitUntil(() => !isRunning(root), `process ${root} does not stop`);
  const tree = findTree(root);
  tree.forEach((pid) => signal(pid, 'SIGSTOP'));
  await waitUntil(() => !tree.some(isRunning), `what process ${root} started does not stop`);
  return tree;
}

export function resumeTree(tree: readonly number[]): void {
  tree.forEach((pid) => signal(pid, 'SIGCONT'));
}

/** SIGKILL to a process and all that descend from it, as when a machine dies. Resolves when all are gone. */
export async function killTree(root: number): Promise<void> {
  const tree = await pauseTree(root);
  tree.forEach((pid) => signal(pid, 'SIGKILL'));
  await waitUntil(() => tree.every(hasEnded), `process ${root} or what it started outlives SIGKILL`);
}

/** The process and all that descend from it, itself first; not those whose parent has ended. */
function findTree(root: number): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const childrenOf = Map.groupBy(pids.map(Number), (pid) => readStat(pid)?.parent);
  const tree = [root];
  for (const pid of tree) tree.push(...(childrenOf.get(pid) ?? []));
  return tree;
}

function isRunning(pid: number): boolean {
  return !hasEnded(pid) && readStat(pid)?.state !== 'T';
}

/** A zombie has ended, whoever its parent is. */
function hasEnded(pid: number): boolean {
  return ['Z', 'X', undefined].includes(readStat(pid)?.state);
}

function readStat(pid: number): { state: string | undefined; parent: number } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command name stands in parentheses and may hold blanks: the fixed fields begin after the last one.
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state, parent: Number(parent) };
  } catch {
    return undefined;
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended.
  }
}

async function waitUntil(isSo: () => boolean, otherwise: string): Promise<void> {
  const deadlineMs = performance.now() + TIMEOUT_MS;
  while (!isSo()) {
    if (performance.now() > deadlineMs) throw new Error(`${otherwise} within ${TIMEOUT_MS} ms`);
    await sleep(POLL_MS);
  }
}
