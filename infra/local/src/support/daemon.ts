import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import type { LocalContext } from './context.js';
import { killGroup, recordDaemon } from './daemon-records.js';

export interface DaemonSpec {
  /** Unique in the environment. */
  name: string;
  command: string;
  args: string[];
  /** Beside PATH and HOME, all that the daemon sees. */
  env?: Record<string, string>;
  cwd?: string;
  /** Emptied at each start. */
  logFile: string;
  /** Asked every 100 ms until it says true; a rejection counts as "not yet". */
  isReady: (signal: AbortSignal, pid: number) => Promise<boolean>;
  readyTimeoutMs: number;
  /** SIGTERM unless said. */
  stopSignal?: NodeJS.Signals;
  /** From the stop signal to SIGKILL; 5 s unless said. */
  stopTimeoutMs?: number;
}

export interface Daemon {
  name: string;
  pid: number;
  /** Settles with the exit code, or null when a signal ended it. */
  exited: Promise<number | null>;
  /** The stop signal, then SIGKILL to all it started. Repeated calls are the same stop. */
  stop: () => Promise<void>;
}

const READY_POLL_MS = 100;
const ATTEMPT_TIMEOUT_MS = 2_000;

/**
 * Starts a process of our own and waits until it is ready. Its stop is registered before it is waited for.
 * Throws with the last lines of its log when it ends or stays silent instead.
 */
export async function startDaemon(context: LocalContext, spec: DaemonSpec): Promise<Daemon> {
  const daemon = launchDaemon(context, spec);
  context.onStop(spec.name, daemon.stop);
  await waitUntilReady(context, spec, daemon);
  return daemon;
}

/**
 * Only starts the process; whoever calls this sees to its stop.
 * @param log `append` goes on in the log of the one before
 */
export function launchDaemon(context: LocalContext, spec: DaemonSpec, log: 'empty' | 'append' = 'empty'): Daemon {
  context.signal.throwIfAborted();
  const { child, pid } = spawnLogged(context, spec, log === 'empty' ? 'w' : 'a');
  return superviseDaemon(context, spec, child, pid);
}

function spawnLogged(context: LocalContext, spec: DaemonSpec, flags: 'w' | 'a'): { child: ChildProcess; pid: number } {
  mkdirSync(dirname(spec.logFile), { recursive: true });
  const log = openSync(spec.logFile, flags);
  const { PATH, HOME } = context.env;
  try {
    const child = spawn(spec.command, spec.args, {
      cwd: spec.cwd,
      env: { PATH, HOME, ...spec.env },
      stdio: ['ignore', log, log],
      detached: true, // A process group of its own: Ctrl-C reaches us only, and we stop in our order.
    });
    child.once('error', () => undefined); // Told by the missing pid.
    if (child.pid === undefined) throw new Error(`${spec.name}: cannot run ${spec.command}`);
    return { child, pid: child.pid };
  } finally {
    closeSync(log);
  }
}

function superviseDaemon(context: LocalContext, spec: DaemonSpec, child: ChildProcess, pid: number): Daemon {
  const forget = recordDaemon(context, spec.name, pid);
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  let stopping: Promise<void> | undefined;
  const end = async (): Promise<void> => {
    child.kill(spec.stopSignal ?? 'SIGTERM');
    const ended = await Promise.race([
      exited.then(() => true),
      sleep(spec.stopTimeoutMs ?? 5_000, false, { ref: false }),
    ]);
    killGroup(pid, 'SIGKILL'); // Also what outlived its leader.
    if (!ended) await exited;
    forget();
  };
  return {
    name: spec.name,
    pid,
    exited,
    stop: () => (stopping ??= end()),
  };
}

/** Throws with the last lines of its log when it ends or stays silent instead. */
export async function waitUntilReady(context: LocalContext, spec: DaemonSpec, daemon: Daemon): Promise<void> {
  const deadline = AbortSignal.timeout(spec.readyTimeoutMs);
  let hasEnded = false;
  void daemon.exited.then(() => (hasEnded = true));
  while (!(await isReadyNow(spec, daemon.pid, AbortSignal.any([context.signal, deadline])))) {
    context.signal.throwIfAborted();
    if (hasEnded) throw new Error(`${spec.name} ended before it was ready:\n${lastLogLines(spec.logFile)}`);
    if (deadline.aborted)
      throw new Error(`${spec.name} not ready after ${spec.readyTimeoutMs} ms:\n${lastLogLines(spec.logFile)}`);
    await sleep(READY_POLL_MS);
  }
}

async function isReadyNow(spec: DaemonSpec, pid: number, signal: AbortSignal): Promise<boolean> {
  try {
    return await spec.isReady(AbortSignal.any([signal, AbortSignal.timeout(ATTEMPT_TIMEOUT_MS)]), pid);
  } catch {
    return false; // Not listening yet, most often.
  }
}

function lastLogLines(logFile: string): string {
  const lines = readFileSync(logFile, 'utf8').trimEnd().split('\n');
  return lines.slice(-15).join('\n').slice(-3_000);
}
