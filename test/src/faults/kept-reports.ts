import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Report } from './report.js';
import type { Scenario } from './scenario.js';
import type { Rule } from './violation.js';

const resultSchema = z.object({
  operations: z.number(),
  faults: z.record(z.string(), z.number()),
  crashPoints: z.object({ covered: z.number(), total: z.number() }).exactOptional(),
  violations: z.array(z.object({ rule: z.custom<Rule>(), subject: z.string(), what: z.string() })),
  figures: z.record(z.string(), z.string()),
  missed: z.array(z.string()),
});

const reportSchema = z.object({
  scenario: z.string(),
  seed: z.number(),
  revision: z.string(),
  seconds: z.number(),
  result: resultSchema,
});

/** Adds a report to a file, a line each; of a scenario that could not be carried out there is nothing to keep. */
export function keepReport(path: string, { scenario, ...report }: Report): void {
  if (report.result instanceof Error) return;
  appendFileSync(path, `${JSON.stringify({ scenario: scenario.name, ...report })}\n`);
}

/** The latest of each scenario that a file has: what a run that was interrupted has done. */
export function readReports(path: string, scenarios: readonly Scenario[]): ReadonlyMap<Scenario, Report> {
  const reports = new Map<Scenario, Report>();
  if (!existsSync(path)) return reports;
  for (const line of readFileSync(path, 'utf8').split('\n').filter(Boolean)) {
    const { scenario: name, ...report } = reportSchema.parse(JSON.parse(line));
    const scenario = scenarios.find((each) => each.name === name);
    if (scenario !== undefined) reports.set(scenario, { scenario, ...report });
  }
  return reports;
}
