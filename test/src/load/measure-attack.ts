import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { text } from 'node:stream/consumers';
import { attacks } from './attacks/attack.js';
import { LegitimateLoad } from './attacks/legitimate.js';
import { startApiAlone, type ApiAlone } from './start-api-alone.js';

/** By turns, so that what else the machine does meets both alike; of one turn alone the p99 is a matter of chance. */
const TURNS = 5;
const PHASE_MS = 10_000;
/** An attack has its burst behind it, and the process compiled its code, before it is measured. */
const WARM_UP_MS = 5_000;
/** The most that the p99 of the others may grow by. */
const MAX_RATIO = 2;

const attacker = new URL('attacks/attacker.js', import.meta.url).pathname;

/** The latency of well-behaved callers while nothing else goes on, and under each attack, in the same run. */
async function measureAttack(names: readonly string[]): Promise<void> {
  const api = await startApiAlone('attack');
  try {
    const legitimate = await api.newKey('legitimate', 'SUBMITTER');
    const hostile = await api.newKey('hostile', 'SUBMITTER');
    await new LegitimateLoad(api, legitimate).askFor(WARM_UP_MS);
    for (const name of names) {
      const calm = new LegitimateLoad(api, legitimate);
      const attacked = new LegitimateLoad(api, legitimate);
      console.log(`\n${name}`);
      for (let turn = 0; turn < TURNS; turn += 1) {
        await calm.askFor(PHASE_MS);
        const attack = startAttack(name, api, hostile);
        await sleep(WARM_UP_MS);
        await attacked.askFor(PHASE_MS);
        console.log(`  ${await attack.stop()}`);
        await sleep(WARM_UP_MS);
      }
      print(calm, attacked, memoryOf(api));
    }
  } finally {
    await api.stop();
  }
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

/** Resident, in MiB. */
function memoryOf({ pid }: ApiAlone): number {
  const [, kib = '0'] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid()}/status`, 'utf8')) ?? [];
  return Number(kib) / 1024;
}

function print(calm: LegitimateLoad, attacked: LegitimateLoad, memoryMiB: number): void {
  const ratio = attacked.p99Ms / calm.p99Ms;
  const verdict = ratio > MAX_RATIO ? '   MISSED' : '';
  console.log(`  before    ${calm.describe()}`);
  console.log(`  attacked  ${attacked.describe()}   ${memoryMiB.toFixed(0)} MiB`);
  console.log(`  p99 grew by ${ratio.toFixed(2)} (at most ${MAX_RATIO} is promised)${verdict}`);
  if (ratio > MAX_RATIO || attacked.refused > 0) process.exitCode = 1;
}

const named = process.argv.slice(2);
await measureAttack(named.length > 0 ? named : Object.keys(attacks));
