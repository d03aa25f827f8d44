import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createTestDatabase, testRedisPrefix, type TestEnvironment } from '@ccluster/testkit';

import { createKey } from '../../support/create-key.js';
import { createRandom } from '../random.js';
import type { Scenario, ScenarioResult, ScenarioRun } from '../scenario.js';
import { layBaits } from './hostile-kubeconfigs/baits.js';
import { casesOfAddresses } from './hostile-kubeconfigs/cases-of-addresses.js';
import { casesOfFields } from './hostile-kubeconfigs/cases-of-fields.js';
import { casesOfParts } from './hostile-kubeconfigs/cases-of-parts.js';
import { casesOfServers } from './hostile-kubeconfigs/cases-of-servers.js';
import { casesOfTexts } from './hostile-kubeconfigs/cases-of-texts.js';
import { kubeconfig, type Baits, type HostileCase } from './hostile-kubeconfigs/hostile-case.js';
import { startHostileServer } from './hostile-kubeconfigs/hostile-server.js';
import { judgeTrace } from './hostile-kubeconfigs/judge-trace.js';
import { HOSTILE_ADDRESS, startNameServer } from './hostile-kubeconfigs/name-server.js';
import { report } from './hostile-kubeconfigs/report.js';
import { sendCase, type CaseAnswer } from './hostile-kubeconfigs/send-case.js';
import { startTracedApi } from './hostile-kubeconfigs/traced-api.js';
import { watchHealth } from './hostile-kubeconfigs/watch-health.js';

const CALLERS = 4;
const SHORT_CASES = 40;

export const hostileKubeconfigs: Scenario = {
  name: 'hostile-kubeconfigs',
  promise: 'A kubeconfig runs no program, reads no file and leads nowhere it may not',
  target: '≥ 200 refused with the right code, 0 files read, 0 programs run, 0 connections elsewhere; the api lives on',
  run: async (run) => {
    const { strace } = run.environment;
    if (strace === null) return nothingSeen('no strace: what the api opens and connects to cannot be seen');
    const server = await startHostileServer();
    const baits = await layBaits(server.baits.certificate);
    const nameServer = await startNameServer().catch(() => undefined);
    try {
      const laid = { ...baits, server: server.baits, hasNames: nameServer !== undefined };
      return await attack(run, strace, laid, baits);
    } finally {
      await Promise.all([server.stop(), baits.stop(), nameServer?.stop()]);
    }
  },
};

type LaidBaits = Awaited<ReturnType<typeof layBaits>>;

async function attack(
  run: ScenarioRun,
  strace: NonNullable<TestEnvironment['strace']>,
  baits: Baits,
  { caught, hasRun }: LaidBaits,
): Promise<ScenarioResult> {
  const directory = mkdtempSync(join(tmpdir(), 'traced-'));
  const database = await createTestDatabase();
  const { redisUrl } = run.environment;
  const env = {
    DATABASE_URL: database.url,
    REDIS_URL: redisUrl,
    REDIS_PREFIX: testRedisPrefix(),
    CCLUSTER_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    CLUSTER_ADDRESSES_ALLOWED: HOSTILE_ADDRESS,
  };
  const apiKey = await createKey(env, 'hostile', 'ADMIN');
  const api = await startTracedApi(strace, env, { directory, asksOurNames: baits.hasNames });
  const health = watchHealth(api.service.address, api.pid);
  try {
    const caller = { graphqlUrl: `${api.service.address}/graphql`, apiKey };
    const cases = chooseCases(run, allCases(baits));
    const control = await sendCase(caller, harmless(baits), 'harmless');
    const answers = await sendAll(run, cases, (hostile, i) => sendCase(caller, hostile, `hostile-${i}`));
    await health.stop();
    const paths = [...new Set(cases.flatMap((hostile) => hostile.paths ?? []))];
    const ownServers = [database.url, redisUrl].map(hostAndPort);
    const seen = judgeTrace(api.trace(), { paths, ownServers });
    const trap = { caught: caught(), hasRun: hasRun() };
    return report(baits, { answers, control, seen, trap, health });
  } finally {
    await health.stop();
    await api.service.stop();
    await database.drop();
    rmSync(directory, { recursive: true });
  }
}

function allCases(baits: Baits): HostileCase[] {
  return [casesOfFields, casesOfAddresses, casesOfTexts, casesOfParts, casesOfServers].flatMap((make) => make(baits));
}

/** The right one: were it refused too, the others would prove nothing. */
function harmless(baits: Baits): HostileCase {
  return { name: 'harmless', credentials: { kubeconfig: kubeconfig(baits) }, codes: ['REGISTERED'] };
}

function chooseCases({ isShort, seed }: ScenarioRun, cases: HostileCase[]): HostileCase[] {
  const random = createRandom(seed);
  const shuffled = cases
    .map((hostile) => ({ hostile, place: random.next() }))
    .toSorted((left, right) => left.place - right.place)
    .map(({ hostile }) => hostile);
  return isShort ? shuffled.filter(({ isSlow }) => !isSlow).slice(0, SHORT_CASES) : shuffled;
}

/** Slow ones together at the end: each waits for itself. */
async function sendAll(
  { say, signal }: ScenarioRun,
  cases: readonly HostileCase[],
  send: (hostile: HostileCase, index: number) => Promise<CaseAnswer>,
): Promise<CaseAnswer[]> {
  const answers: CaseAnswer[] = [];
  const queue = cases
    .map((hostile, i) => ({ hostile, i }))
    .toSorted((l, r) => Number(!!l.hostile.isSlow) - Number(!!r.hostile.isSlow));
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      signal.throwIfAborted();
      answers.push(await send(next.hostile, next.i));
      if (answers.length % 100 === 0) say(`${answers.length} of ${cases.length} kubeconfigs answered`);
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, work));
  return answers;
}

function nothingSeen(why: string): ScenarioResult {
  return { operations: 0, faults: {}, violations: [], figures: {}, missed: [why] };
}

/** 127.0.0.1 for localhost, as the trace shows it. */
function hostAndPort(url: string): string {
  const { hostname, port, protocol } = new URL(url);
  const host = hostname === 'localhost' ? '127.0.0.1' : hostname;
  return `${host}:${port === '' ? (protocol.startsWith('redis') ? 6379 : 5432) : port}`;
}
