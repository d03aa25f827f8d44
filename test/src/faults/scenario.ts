import type { TestEnvironment } from '@ccluster/testkit';
import type { Violation } from './violation.js';

/** One figure of the fault laboratory: what is done, what is broken meanwhile, and what must hold all the same. */
export interface Scenario {
  /** As `--only` takes it. */
  readonly name: string;
  /** What is promised, for the table. */
  readonly promise: string;
  /** What the full run is to reach, in words. */
  readonly target: string;
  run(run: ScenarioRun): Promise<ScenarioResult>;
}

export interface ScenarioRun {
  readonly environment: TestEnvironment;
  /** All choices are drawn from it: the same seed makes the same choices in the same order. */
  readonly seed: number;
  /** The short version, for `npm test`: the same work at a hundredth of its size, in at most a minute. */
  readonly isShort: boolean;
  /** A line about how far it is. */
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

export interface ScenarioResult {
  /** What was done and acknowledged. */
  readonly operations: number;
  /** How many of each kind. */
  readonly faults: Readonly<Record<string, number>>;
  readonly crashPoints?: { readonly covered: number; readonly total: number };
  /** Found by the checker, never by the application's own word. */
  readonly violations: readonly Violation[];
  /** What was measured, with units: `{ 'convergence p99': '1.2 s' }`. */
  readonly figures: Readonly<Record<string, string>>;
  /** Where a target was not reached: what was reached instead. */
  readonly missed: readonly string[];
}
