import type { Scenario, ScenarioResult } from './scenario.js';

export interface Report {
  readonly scenario: Scenario;
  readonly seed: number;
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

/** The whole run in a table. */
export function reportTable(reports: readonly Report[]): string[] {
  const rows = reports.map((report) => [report.scenario.name, ...cellsOf(report)]);
  const head = ['scenario', 'operations', 'faults', 'seed', 'crash points', 'violations', 'target missed'];
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => (row[i] ?? '').length)));
  const line = (cells: readonly string[]): string => cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ');
  return [line(head), line(widths.map((width) => '─'.repeat(width))), ...rows.map(line)].map((text) => text.trimEnd());
}

function cellsOf({ seed, result }: Report): string[] {
  if (result instanceof Error) return ['', '', String(seed), '', 'no result', ''];
  const { operations, faults, crashPoints, violations, missed } = result;
  const broken = Object.values(faults).reduce((sum, count) => sum + count, 0);
  const points = crashPoints === undefined ? '' : `${crashPoints.covered} of ${crashPoints.total}`;
  return [String(operations), String(broken), String(seed), points, String(violations.length), missed.join('; ')];
}
