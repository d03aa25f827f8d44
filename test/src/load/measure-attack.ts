import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { text } from 'node:stream/consumers';
import { attacks } from './attacks/attack.js';
import { LegitimateLoad } from './attacks/legitimate.js';
import { startApiAlone, type ApiAlone } from './start-api-alone.js';

/** In each the three are measured, so that what else the machine does meets all alike. */
const TURNS = 7;
const PHASE_MS = 10_000;
/** An attack has its burst behind it, and the process compiled its code, before it is measured. */
const WARM_UP_MS = 5_000;
/** The most that the p99 of the others may grow by. */
const MAX_RATIO = 2;

const attacker = new URL('attacks/attacker.js', import.meta.url).pathname;

interface Victim {
  readonly api: ApiAlone;
  /** Of the attacker, who is a caller too. */
  readonly hostileKey: string;
}

interface Loads {
  readonly calm: LegitimateLoad;
  /** While the attack goes to another api: what the attacker, being on this machine too, costs by that alone. */
  readonly elsewhere: LegitimateLoad;
  readonly attacked: LegitimateLoad;
}

/** The latency of well-behaved callers while nothing else goes on, and under each attack, in the same run. */
async function measureAttacks(names: readonly string[]): Promise<void> {
  const apis: ApiAlone[] = [];
  const startVictim = async (label: string): Promise<Victim> => {
    const api = await startApiAlone(label);
    apis.push(api);
    return { api, hostileKey: await api.newKey('hostile', 'SUBMITTER') };
  };
  try {
    const victim = await startVictim('attack');
    const other = await startVictim('attack-elsewhere');
    const legitimateKey = await victim.api.newKey('legitimate', 'SUBMITTER');
    const newLoad = () => new LegitimateLoad(victim.api, legitimateKey);
    await newLoad().askFor(WARM_UP_MS);
    for (const name of names) {
      const loads = { calm: newLoad(), elsewhere: newLoad(), attacked: newLoad() };
      console.log(`\n${name}`);
      for (let turn = 0; turn < TURNS; turn += 1) await takeTurn(name, loads, { victim, other });
      print(loads, memoryOf(victim.api));
    }
  } finally {
    for (const api of apis) await api.stop();
  }
}

async function takeTurn(
  name: string,
  { calm, elsewhere, attacked }: Loads,
  { victim, other }: { readonly victim: Victim; readonly other: Victim },
): Promise<void> {
  await calm.askFor(PHASE_MS);
  await underAttack(name, other, elsewhere);
  const outcomes = await underAttack(name, victim, attacked);
  const phases = [calm, elsewhere, attacked].map((load) => load.describeLastPhase()).join(', ');
  console.log(`  p99 ${phases}   ${outcomes}`);
}

/** Gives what came of the attack. */
async function underAttack(name: string, { api, hostileKey }: Victim, load: LegitimateLoad): Promise<string> {
  const child = spawn(process.execPath, [attacker, name, api.address, hostileKey], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const output = text(child.stdout);
  await sleep(WARM_UP_MS);
  await load.askFor(PHASE_MS);
  child.kill('SIGTERM');
  await once(child, 'exit');
  await sleep(WARM_UP_MS);
  return (await output).trim();
}

/** Resident, in MiB. */
function memoryOf({ pid }: ApiAlone): number {
  const [, kib = '0'] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid()}/status`, 'utf8')) ?? [];
  return Number(kib) / 1024;
}

function print({ calm, elsewhere, attacked }: Loads, memoryMiB: number): void {
  const ratio = attacked.p99Ms / calm.p99Ms;
  const isMissed = ratio > MAX_RATIO || attacked.refused > 0;
  console.log(`  calm        ${calm.describe()}`);
  console.log(`  elsewhere   ${elsewhere.describe()}`);
  console.log(`  attacked    ${attacked.describe()}   ${memoryMiB.toFixed(0)} MiB`);
  console.log(
    `  p99 grew by ${ratio.toFixed(2)} (at most ${MAX_RATIO} is promised), by ${(attacked.p99Ms / elsewhere.p99Ms).toFixed(2)} against the attack elsewhere${isMissed ? '   MISSED' : ''}`,
  );
  if (isMissed) process.exitCode = 1;
}

const named = process.argv.slice(2);
await measureAttacks(named.length > 0 ? named : Object.keys(attacks));
