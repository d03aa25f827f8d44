import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { text } from 'node:stream/consumers';
import { attacks } from './attacks/attack.js';
import { startApiAlone, type ApiAlone } from './start-api-alone.js';

/** Legitimate requests, sent whether or not those before are answered. */
const PER_SECOND = 50;
const PHASE_MS = 15_000;
/** An attack has its burst behind it, and the process compiled its code, before it is measured. */
const WARM_UP_MS = 5_000;
/** The most that the p99 of the others may grow by. */
const MAX_RATIO = 2;

/** The unit of time in /proc. */
const MS_PER_TICK = 10;

const LIST = '{ jobs(first: 20) { edges { node { id name status counts { succeeded failed } } } } }';
const CREATE = 'mutation ($input: CreateJobInput!) { createJob(input: $input) { id } }';
const attacker = new URL('attacks/attacker.js', import.meta.url).pathname;

interface Phase {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly requests: number;
  readonly refused: number;
  /** Of the api's process, on one core. */
  readonly cpuShare: number;
}

/** The latency of well-behaved callers while nothing else goes on, and under each attack, in the same run. */
async function measureAttack(names: readonly string[]): Promise<void> {
  const api = await startApiAlone('attack');
  try {
    const legitimate = await api.newKey('legitimate', 'SUBMITTER');
    const hostile = await api.newKey('hostile', 'SUBMITTER');
    let jobs = 0;
    const ask = () => sendLegitimate(api, legitimate, (jobs += 1));
    await measurePhase(api, ask, WARM_UP_MS);
    for (const name of names) {
      const calm = await measurePhase(api, ask, PHASE_MS);
      const attack = startAttack(name, api, hostile);
      await sleep(WARM_UP_MS);
      const attacked = await measurePhase(api, ask, PHASE_MS);
      print(name, calm, attacked, await attack.stop(), memoryOf(api));
      await sleep(WARM_UP_MS);
    }
  } finally {
    await api.stop();
  }
}

/** Every fifth creates a job, the others list. @returns the status */
async function sendLegitimate({ address }: ApiAlone, key: string, number: number): Promise<number> {
  const input = { name: `job-${number}`, imageUrl: 'registry/image', imageTag: '1' };
  const body = number % 5 === 0 ? { query: CREATE, variables: { input } } : { query: LIST };
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const response = await fetch(`${address}/graphql`, { method: 'POST', headers, body: JSON.stringify(body) });
  await response.arrayBuffer();
  return response.status;
}

async function measurePhase(api: ApiAlone, ask: () => Promise<number>, durationMs: number): Promise<Phase> {
  const timesMs: number[] = [];
  let refused = 0;
  const sendOne = async (dueMs: number): Promise<void> => {
    const status = await ask().catch(() => 0);
    // From when it was due: a sender that is late does not make the server look fast.
    timesMs.push(performance.now() - dueMs);
    if (status !== 200) refused += 1;
  };
  const beginMs = performance.now();
  const beginCpuMs = cpuMsOf(api);
  const sent: Promise<void>[] = [];
  for (let dueMs = beginMs; dueMs < beginMs + durationMs; dueMs += 1000 / PER_SECOND) {
    await sleep(Math.max(0, dueMs - performance.now()));
    sent.push(sendOne(dueMs));
  }
  await Promise.all(sent);
  const cpuShare = (cpuMsOf(api) - beginCpuMs) / (performance.now() - beginMs);
  timesMs.sort((a, b) => a - b);
  const at = (share: number) => timesMs[Math.floor(timesMs.length * share)] ?? Number.NaN;
  return { p50Ms: at(0.5), p99Ms: at(0.99), requests: timesMs.length, refused, cpuShare };
}

function startAttack(name: string, { address }: ApiAlone, apiKey: string) {
  const child = spawn(process.execPath, [attacker, name, address, apiKey], { stdio: ['ignore', 'pipe', 'inherit'] });
  const output = text(child.stdout);
  return {
    stop: async () => {
      child.kill('SIGTERM');
      await once(child, 'exit');
      return (await output).trim();
    },
  };
}

/** Used so far, in user and kernel mode. */
function cpuMsOf({ pid }: ApiAlone): number {
  const fields = readFileSync(`/proc/${pid()}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
}

/** Resident, in MiB. */
function memoryOf({ pid }: ApiAlone): number {
  const [, kib = '0'] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid()}/status`, 'utf8')) ?? [];
  return Number(kib) / 1024;
}

function print(name: string, calm: Phase, attacked: Phase, outcomes: string, memoryMiB: number): void {
  const ratio = attacked.p99Ms / calm.p99Ms;
  const figures = ({ p50Ms, p99Ms, requests, refused, cpuShare }: Phase) =>
    `p50 ${p50Ms.toFixed(1).padStart(7)} ms   p99 ${p99Ms.toFixed(1).padStart(7)} ms   ${requests} requests, ${refused} refused   ${Math.round(cpuShare * 100)} % CPU`;
  console.log(`\n${name}   ${outcomes}`);
  console.log(`  before    ${figures(calm)}`);
  console.log(`  attacked  ${figures(attacked)}   ${memoryMiB.toFixed(0)} MiB`);
  console.log(
    `  p99 grew by ${ratio.toFixed(2)} (at most ${MAX_RATIO} is promised)${ratio > MAX_RATIO ? '   MISSED' : ''}`,
  );
  if (ratio > MAX_RATIO || attacked.refused > 0) process.exitCode = 1;
}

const named = process.argv.slice(2);
await measureAttack(named.length > 0 ? named : Object.keys(attacks));
