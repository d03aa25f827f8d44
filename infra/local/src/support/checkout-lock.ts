import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { findProcessIdentity, findWrittenIdentity, isAlive, type ProcessIdentity } from './process-identity.js';

/** Another start in this checkout is still running. */
export class CheckoutBusy extends Error {
  override name = 'CheckoutBusy';

  constructor(readonly pid: number) {
    super(
      `this checkout's environment is already running as process ${pid}; stop it first (Ctrl-C there, or kill ${pid})`,
    );
  }
}

/** Takes `.local/run/lock` for this process and gives its release; throws CheckoutBusy. A dead holder's lock is taken over. */
export function lockCheckout(localDir: string): () => void {
  const runDir = join(localDir, 'run');
  mkdirSync(runDir, { recursive: true });
  const lock = join(runDir, 'lock');
  const holder = findHolder(lock);
  if (holder !== undefined && isAlive(holder)) throw new CheckoutBusy(holder.pid);
  rmSync(lock, { force: true });
  takeLock(lock);
  return () => rmSync(lock, { force: true });
}

function takeLock(lock: string): void {
  const draft = `${lock}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(findProcessIdentity(process.pid)));
  try {
    linkSync(draft, lock); // Fails if it exists, and shows the whole content at once.
  } catch (cause) {
    throw new Error('another start took the lock at the same moment', { cause });
  } finally {
    rmSync(draft);
  }
}

function findHolder(lock: string): ProcessIdentity | undefined {
  return existsSync(lock) ? findWrittenIdentity(readFileSync(lock, 'utf8')) : undefined;
}
