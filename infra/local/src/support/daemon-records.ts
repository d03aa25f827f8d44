import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import type { LocalContext } from './context.js';
import { findProcessIdentity, findWrittenIdentity, isAlive, type ProcessIdentity } from './process-identity.js';

type Where = Pick<LocalContext, 'localDir'>;

/** Remembers a started process on disk, so that a later start can end it if this one is killed; gives the forgetting. */
export function recordDaemon(where: Where, name: string, pid: number): () => void {
  const identity = findProcessIdentity(pid);
  if (identity === undefined) return () => undefined; // Already gone: nothing to clean up later.
  const file = join(recordsDir(where), `${name}.json`);
  mkdirSync(recordsDir(where), { recursive: true });
  writeFileSync(file, JSON.stringify(identity));
  return () => rmSync(file, { force: true });
}

/** Kills what an earlier start left running (its process groups), and gives the names of what was still alive. */
export async function endRecordedDaemons(where: Where): Promise<string[]> {
  const records = findRecords(where);
  const leftovers = records.filter(({ identity }) => isAlive(identity));
  leftovers.forEach(({ identity }) => killGroup(identity.pid, 'SIGKILL'));
  const deadlineMs = performance.now() + 10_000;
  while (leftovers.some(({ identity }) => isAlive(identity))) {
    if (performance.now() > deadlineMs) throw new Error('processes of an earlier start do not end after SIGKILL');
    await sleep(20);
  }
  records.forEach(({ file }) => rmSync(file, { force: true }));
  return leftovers.map(({ name }) => name);
}

/** Signals a process started as a group leader and everything it started in turn. */
export function killGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // The whole group has ended.
  }
}

function findRecords(where: Where): { name: string; file: string; identity: ProcessIdentity }[] {
  const files = readdirSync(ensured(recordsDir(where))).filter((file) => file.endsWith('.json'));
  return files.flatMap((base) => {
    const file = join(recordsDir(where), base);
    const identity = findWrittenIdentity(readFileSync(file, 'utf8'));
    return identity === undefined ? [] : [{ name: base.slice(0, -'.json'.length), file, identity }];
  });
}

function recordsDir({ localDir }: Where): string {
  return join(localDir, 'run', 'daemons');
}

function ensured(dir: string): string {
  mkdirSync(dir, { recursive: true });
  return dir;
}
