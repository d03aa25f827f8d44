import type { Progress } from './progress.js';

/** What every part of the local environment is given: where it may write, how it reports, and how it is stopped. */
export interface LocalContext {
  /** Absolute path of the checkout. */
  repoDir: string;
  /** Absolute path of `.local` in the checkout; nothing is written outside it. */
  localDir: string;
  /** 0..9, unique among the environments running on this machine; offsets ports, bridges and subnets. */
  instance: number;
  /** The environment variables this program was started with. */
  env: Readonly<Record<string, string | undefined>>;
  progress: Progress;
  /** Aborted when a stop is asked for; whatever is being set up then gives up. */
  signal: AbortSignal;
  /** Registers the release of something just acquired. Released newest first, every one, even if another fails. */
  onStop: (name: string, stop: () => Promise<void>) => void;
}
