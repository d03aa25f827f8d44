import { randomInt } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { readTestEnvironment } from '@ccluster/testkit';

import { describeReport, hasFailed, reportTable, type Report } from './report.js';
import type { Scenario } from './scenario.js';
import { scenarios } from './scenarios.js';

const say = (line: string): void => console.log(line);

/**
 * `npm run faults [-- --short] [--seed N] [--only a,b]`: every scenario, one after the other, and the table.
 */
async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      short: { type: 'boolean', default: false },
      seed: { type: 'string' },
      only: { type: 'string' },
    },
  });
  const seed = values.seed === undefined ? randomInt(2 ** 31) : Number(values.seed);
  if (!Number.isSafeInteger(seed)) throw new Error(`--seed takes a whole number, not ${values.seed}`);
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());
  say(`seed ${seed}: with --seed ${seed} the same faults come in the same order`);
  const reports: Report[] = [];
  for (const scenario of chosen(values.only)) {
    if (stopping.signal.aborted) break;
    reports.push(await runScenario(scenario, seed, values.short, stopping.signal));
  }
  say('');
  reportTable(reports).forEach(say);
  return close(reports);
}

function chosen(only: string | undefined): readonly Scenario[] {
  if (only === undefined) return scenarios;
  return only.split(',').map((name) => {
    const scenario = scenarios.find((each) => each.name === name);
    if (scenario === undefined)
      throw new Error(`no scenario ${name}: ${scenarios.map((each) => each.name).join(', ')}`);
    return scenario;
  });
}

async function runScenario(scenario: Scenario, seed: number, isShort: boolean, signal: AbortSignal): Promise<Report> {
  say(`\n── ${scenario.name} ${'─'.repeat(Math.max(100 - scenario.name.length, 0))}`);
  const startedMs = performance.now();
  const result = await scenario
    .run({ environment: readTestEnvironment(), seed, isShort, say, signal })
    .catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
  const report = { scenario, seed, seconds: Math.round((performance.now() - startedMs) / 1000), result };
  describeReport(report).forEach(say);
  return report;
}

/** Gives the exit code. */
function close(reports: readonly Report[]): number {
  const failed = reports.filter(hasFailed).length;
  const tally = { passed: reports.length - failed, failed, skipped: 0 };
  const file = process.env['CCLUSTER_FAULTS_REPORT'];
  if (file !== undefined) writeFileSync(file, JSON.stringify(tally));
  say(`\n${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped`);
  return failed === 0 && tally.passed > 0 ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
