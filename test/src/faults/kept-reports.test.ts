import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { keepReport, readReports } from './kept-reports.js';
import type { Report } from './report.js';
import type { Scenario } from './scenario.js';

const folder = mkdtempSync(join(tmpdir(), 'kept-reports-'));
const file = join(folder, 'reports.jsonl');
afterEach(() => rmSync(folder, { recursive: true }));

const scenarioOf = (name: string): Scenario => ({
  name,
  promise: '',
  target: '',
  run: () => Promise.reject(new Error('not to be run')),
});
const [cancels, load, partition] = ['cancels', 'load', 'partition'].map(scenarioOf) as [Scenario, Scenario, Scenario];

const reportOf = (scenario: Scenario, result: Partial<Exclude<Report['result'], Error>> = {}): Report => ({
  scenario,
  seed: 7,
  revision: 'abc',
  seconds: 60,
  result: { operations: 10, faults: { kill: 2 }, violations: [], figures: { p99: '1 s' }, missed: [], ...result },
});

test('what was done before the interruption is known after it, violations too', () => {
  expect(readReports(file, [load])).toEqual(new Map());

  keepReport(file, reportOf(load));
  keepReport(file, reportOf(cancels, { violations: [{ rule: 'I2', subject: 'pod a', what: 'ran' }] }));
  const again = reportOf(load, { crashPoints: { covered: 3, total: 4 } });
  keepReport(file, again);
  keepReport(file, { ...reportOf(partition), result: new Error('could not be carried out') });

  expect(readReports(file, [cancels, load, partition])).toEqual(
    new Map([
      [load, again],
      [cancels, reportOf(cancels, { violations: [{ rule: 'I2', subject: 'pod a', what: 'ran' }] })],
    ]),
  );
});
