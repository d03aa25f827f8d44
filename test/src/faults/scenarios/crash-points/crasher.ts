import type { ServiceName, ServiceProcess } from '../../../support/service-process.js';
import type { Random } from '../../random.js';

const ATTEMPTS = 3;

/** One process that is to end itself at one place. */
export interface Trial {
  readonly service: ServiceName;
  /** Such as `after post Kubernetes Job`. */
  readonly point: string;
}

export interface Crasher {
  readonly process: ServiceProcess;
  readonly random: Random;
  /** How long a process may take to come by its point, from when it is ready. */
  readonly patienceMs: number;
  /** What is being tried, so that the load can be such that it comes by. */
  readonly onTrial: (trial: Trial) => void;
  readonly say: (line: string) => void;
}

/**
 * Starts a service anew for each trial, armed, until it has ended itself by SIGKILL at the point; one that does not come
 * by in time is killed where it stands, which is a crash too, but not at the point.
 * @returns the trials that crashed at their point
 */
export async function crashAll(crasher: Crasher, trials: readonly Trial[], signal: AbortSignal): Promise<Trial[]> {
  const crashed: Trial[] = [];
  for (const trial of trials) {
    if (signal.aborted) break;
    crasher.onTrial(trial);
    if (await crashPatiently(crasher, trial, signal)) crashed.push(trial);
    else
      crasher.say(`${trial.service}: did not come by "${trial.point}" within ${ATTEMPTS} × ${crasher.patienceMs} ms`);
  }
  await crasher.process.kill();
  await crasher.process.start();
  return crashed;
}

async function crashPatiently(crasher: Crasher, trial: Trial, signal: AbortSignal): Promise<boolean> {
  for (let attempt = 1; attempt <= ATTEMPTS && !signal.aborted; attempt += 1) {
    // What is come by seldom may not come twice.
    const occurrence = attempt === 1 ? crasher.random.between(1, 2) : 1;
    if (await crashAt(crasher, `${trial.point}#${occurrence}`, signal)) return true;
  }
  return false;
}

async function crashAt({ process, patienceMs }: Crasher, place: string, signal: AbortSignal): Promise<boolean> {
  await process.kill();
  // It may come by its point before it is ready.
  const started = process.start({ CCLUSTER_CRASH_AT: place }).catch(() => undefined);
  const ended = process.ended();
  await Promise.race([started, ended]);
  const patience = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
  const endedBy = await Promise.race([ended, untilAborted(patience)]);
  await process.kill();
  await started;
  return endedBy === 'SIGKILL';
}

function untilAborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}
