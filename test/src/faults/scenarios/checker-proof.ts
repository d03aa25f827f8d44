import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import pg from 'pg';

import { startPlatform, type Platform } from '../../support/platform.js';
import { startBeacons } from '../beacons.js';
import { findCanaries } from '../checker/canaries/find-canaries.js';
import { checkEvidence } from '../checker/check-evidence.js';
import { gatherEvidence, type EvidenceSources } from '../checker/gather-evidence.js';
import { sourcesOf } from '../checker/sources-of.js';
import { createHistory } from '../history.js';
import { removeEverything } from '../proof/cluster-objects.js';
import { judgeFindings, type Planted } from '../proof/judge-findings.js';
import type { Ground } from '../proof/ground.js';
import { plants } from '../proof/plants/index.js';
import { runProofJobs } from '../proof/proof-jobs.js';
import type { Scenario, ScenarioResult, ScenarioRun } from '../scenario.js';
import type { Violation } from '../violation.js';

/** The checker checked: whatever is broken on purpose, past the application, is found; and nothing else is. */
export const checkerProof: Scenario = {
  name: 'checker-proof',
  promise: 'The checker names every broken promise, and none that is kept',
  target: 'every planted violation is found, and nothing that was not planted',
  run,
};

async function run(scenario: ScenarioRun): Promise<ScenarioResult> {
  const since = Date.now();
  const directory = await mkdtemp(join(tmpdir(), 'checker-proof-'));
  const platform = await startPlatform('checker-proof');
  const database = new pg.Client({ connectionString: platform.env.DATABASE_URL });
  await database.connect();
  try {
    const ground = await prepareGround(scenario, platform, database, directory);
    const sources = sourcesOf(platform, ground.historyPath, since);
    return await prove(scenario, ground, sources);
  } finally {
    await removeEverything({ platform });
    await database.end();
    await platform.stop();
    await rm(directory, { recursive: true });
  }
}

async function prepareGround(
  { say }: ScenarioRun,
  platform: Platform,
  database: pg.Client,
  directory: string,
): Promise<Ground> {
  const historyPath = join(directory, 'history.jsonl');
  const logFile = join(directory, 'service.log');
  await writeFile(logFile, '');
  const history = createHistory(historyPath);
  const beacons = await startBeacons(platform.environment.clusters, history);
  const canary = () => randomBytes(30).toString('base64');
  const canaries = { 'of a job': canary(), 'in a log': canary(), 'in PostgreSQL': canary(), 'in Redis': canary() };
  try {
    const run = { platform, history, beacons, database, canary: canaries['of a job'] };
    const jobs = await runProofJobs(run);
    say(`${Object.keys(jobs).length} jobs are over, ${beacons.beacons().length} pods said that they started`);
    return { platform, historyPath, jobs, database, logFile, canaries: { ...canaries, 'API key': platform.apiKey } };
  } finally {
    history.close();
    await beacons.close();
  }
}

async function prove({ say }: ScenarioRun, ground: Ground, sources: EvidenceSources): Promise<ScenarioResult> {
  const before = await findViolations(ground, sources);
  say(`before anything is planted ${before.length} violations are found`);
  const planted: Planted[] = [];
  for (const { what, plant } of plants) planted.push({ what, expected: await plant(ground) });
  const startedMs = performance.now();
  const judgement = judgeFindings(planted, await findViolations(ground, sources));
  const seconds = (performance.now() - startedMs) / 1000;
  const expected = planted.flatMap((each) => each.expected);
  const found = expected.length - judgement.missed.length;
  return {
    operations: Object.keys(ground.jobs).length,
    faults: { 'planted violations': planted.length },
    violations: [...before, ...judgement.missed, ...judgement.unplanned],
    figures: {
      'findings expected and found': `${found} of ${expected.length}`,
      'findings not planted': String(before.length + judgement.unplanned.length),
      'time to gather and check': `${seconds.toFixed(1)} s`,
    },
    missed: judgement.missed.map(({ what }) => what),
  };
}

/** At the end, so nothing at all may be left over in a cluster. */
async function findViolations({ platform, logFile, canaries }: Ground, sources: EvidenceSources): Promise<Violation[]> {
  const { env, services } = platform;
  return [
    ...checkEvidence(await gatherEvidence(sources), { longestStrayMs: 0 }),
    ...(await findCanaries(canaries, {
      files: [logFile, sources.historyPath, ...Object.values(services).map((service) => service.logFile)],
      databaseUrl: env.DATABASE_URL,
      redis: { url: env.REDIS_URL, prefix: env.REDIS_PREFIX },
    })),
  ];
}
