import { randomInt } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { readTestEnvironment } from '@ccluster/testkit';

import { keepReport, readReports } from './kept-reports.js';
import { laboratoryFile } from './lab/laboratory-file.js';
import { describeReport, hasFailed, reportTable, type Report } from './report.js';
import { readRevision } from './revision.js';
import type { Scenario, ScenarioRun } from './scenario.js';
import { scenarios } from './scenarios.js';

const say = (line: string): void => console.log(line);

interface Options {
  readonly isShort: boolean;
  readonly seed: number;
  readonly resumes: boolean;
  readonly chosen: readonly Scenario[];
}

const USAGE = 'npm run faults [-- [--short] [--seed N [--resume]] [--only a,b]]';

/** Of every scenario, or those chosen. With `--resume`, those that an earlier run with that seed has done are not run again. */
function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      short: { type: 'boolean', default: false },
      seed: { type: 'string' },
      resume: { type: 'boolean', default: false },
      only: { type: 'string' },
    },
  });
  if (values.resume && values.seed === undefined) throw new Error('--resume takes the --seed of the run to go on with');
  const seed = values.seed === undefined ? randomInt(2 ** 31) : Number(values.seed);
  if (!Number.isSafeInteger(seed)) throw new Error(`--seed takes a whole number, not ${values.seed}`);
  return { isShort: values.short, seed, resumes: values.resume, chosen: chosen(values.only) };
}

/** Gives the exit code. */
async function main({ isShort, seed, resumes, chosen }: Options): Promise<number> {
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());
  say(`seed ${seed}: with --seed ${seed} the same faults come in the same order`);
  const run = { environment: readTestEnvironment(), seed, isShort, say, signal: stopping.signal };
  const file = laboratoryFile(`${isShort ? 'short' : 'full'}-${seed}.reports.jsonl`);
  const kept = resumes ? readReports(file, scenarios) : new Map<Scenario, Report>();
  const reports: Report[] = [];
  for (const scenario of chosen) {
    if (stopping.signal.aborted) break;
    say(`\n── ${scenario.name} ${'─'.repeat(Math.max(100 - scenario.name.length, 0))}`);
    const report = kept.get(scenario) ?? (await runScenario(scenario, run));
    describeReport(report).forEach(say);
    reports.push(report);
    if (!kept.has(scenario)) keepReport(file, report);
  }
  say(`\n${reportTable(reports)}`);
  return close(reports);
}

function chosen(only: string | undefined): readonly Scenario[] {
  if (only === undefined) return scenarios;
  return only.split(',').map((name) => {
    const scenario = scenarios.find((each) => each.name === name);
    if (scenario === undefined)
      throw new Error(`--only takes no ${name}, but ${scenarios.map((each) => each.name).join(', ')}`);
    return scenario;
  });
}

async function runScenario(scenario: Scenario, run: ScenarioRun): Promise<Report> {
  const revision = await readRevision();
  const startedMs = performance.now();
  const result = await scenario
    .run(run)
    .catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))))
    // One that was stopped half way has not shown what it is to show.
    .then((done) => (run.signal.aborted ? new Error('It was stopped before its end', { cause: done }) : done));
  return { scenario, seed: run.seed, revision, seconds: Math.round((performance.now() - startedMs) / 1000), result };
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

function optionsOrUsage(args: string[]): Options | undefined {
  try {
    return readOptions(args);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    return undefined;
  }
}

const options = optionsOrUsage(process.argv.slice(2));
// At once: Node, as it took down what connections that were cut had left behind, has been seen to spin for ever.
process.exit(options === undefined ? 2 : await main(options));
