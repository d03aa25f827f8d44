import { table } from 'table';
import type { Scenario, ScenarioResult } from './scenario.js';

export interface Report {
  readonly scenario: Scenario;
  readonly seed: number;
  /** The commit that was tried, abbreviated; with a `+` where files were changed; empty where there is no repository. */
  readonly revision: string;
  readonly seconds: number;
  /** Or why it could not be carried out. */
  readonly result: ScenarioResult | Error;
}

const MAX_VIOLATIONS_SHOWN = 20;

/** Violations, or no result at all: a promise is not proved. A target that was missed is told, and is no failure. */
export function hasFailed({ result }: Report): boolean {
  return result instanceof Error || result.violations.length > 0;
}

/** For people: one paragraph a scenario. */
export function describeReport({ scenario, seed, seconds, result }: Report): string[] {
  const head = `${scenario.name}: ${scenario.promise}`;
  if (result instanceof Error) return [`✗ ${head}`, `    failed after ${seconds} s: ${result.stack ?? result.message}`];
  const { operations, faults, crashPoints, violations, figures, missed } = result;
  const points = crashPoints === undefined ? [] : [`crash points ${crashPoints.covered} of ${crashPoints.total}`];
  const broken = Object.entries(faults).map(([kind, count]) => `${kind} ${count}`);
  return [
    `${violations.length === 0 ? '✓' : '✗'} ${head}`,
    `    operations ${operations}; violations ${violations.length}; ${seconds} s; seed ${seed}`,
    `    faults: ${broken.length === 0 ? 'none' : broken.join(', ')}`,
    ...[...points, ...Object.entries(figures).map(([name, value]) => `${name}: ${value}`)].map((line) => `    ${line}`),
    ...missed.map((line) => `    target missed: ${line}`),
    ...violations.slice(0, MAX_VIOLATIONS_SHOWN).map(({ rule, subject, what }) => `    ✗ ${rule} ${subject}: ${what}`),
  ];
}

/** The whole run. */
export function reportTable(reports: readonly Report[]): string {
  const rows = reports.map(({ scenario, ...report }) => [`${scenario.name}: ${scenario.promise}`, ...cellsOf(report)]);
  return table([COLUMNS.map(({ title }) => title), ...rows], {
    columns: COLUMNS.map(({ width }) => ({ width, wrapWord: true })),
  });
}

const COLUMNS = [
  { title: 'promise', width: 44 },
  { title: 'operations', width: 10 },
  { title: 'faults by kind', width: 28 },
  { title: 'seed', width: 10 },
  { title: 'revision', width: 11 },
  { title: 'crash points', width: 12 },
  { title: 'violations', width: 10 },
  { title: 'target missed', width: 28 },
] as const;

function cellsOf({ seed, revision, result }: Omit<Report, 'scenario'>): string[] {
  if (result instanceof Error) return ['', '', String(seed), revision, '', 'no result', ''];
  const { operations, faults, crashPoints, violations, missed } = result;
  const broken = Object.entries(faults).map(([kind, count]) => `${kind} ${count}`);
  const points = crashPoints === undefined ? '' : `${crashPoints.covered} of ${crashPoints.total}`;
  const cells = [operations, broken.join('\n'), seed, revision, points, violations.length, missed.join('\n')];
  return cells.map(String);
}
