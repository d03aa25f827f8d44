import { connect } from 'node:net';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

import type { TestEnvironment } from '@ccluster/testkit';

import type { ServiceName } from '../../support/service-process.js';
import type { Random } from '../random.js';
import type { Product } from './product.js';
import type { Fault } from './schedule.js';

const TIMEOUT_MS = 120_000;

/** kill -9 of one of the processes of a service, which then starts again. */
export function killsOf({ services }: Product, name: ServiceName, everyMs: Fault['everyMs'], random: Random): Fault {
  const choices = random.fork(`kill ${name}`);
  return {
    kind: `kill -9 ${name}`,
    everyMs,
    strike: async () => {
      const process = choices.pick(services[name]);
      await process.kill();
      await process.start();
    },
  };
}

/** As a machine that hangs: what it held is taken from it meanwhile, and it knows nothing of that when it goes on. */
export function stallsOf(
  { services }: Product,
  name: ServiceName,
  everyMs: Fault['everyMs'],
  stallMs: number,
  random: Random,
): Fault {
  const choices = random.fork(`stall ${name}`);
  return {
    kind: `SIGSTOP ${stallMs / 1000} s ${name}`,
    everyMs,
    strike: async () => {
      const process = choices.pick(services[name]);
      process.pause();
      await sleep(stallMs);
      process.resume();
    },
  };
}

/** Redis forgets everything. */
export function flushesOf({ redisUrl }: TestEnvironment, everyMs: Fault['everyMs']): Fault {
  const { hostname, port } = new URL(redisUrl);
  return {
    kind: 'FLUSHALL',
    everyMs,
    strike: async () => {
      const socket = connect({ host: hostname, port: Number(port) });
      try {
        socket.write('FLUSHALL\r\n');
        const [answer] = await once(socket, 'data', { signal: AbortSignal.timeout(TIMEOUT_MS) });
        if (!String(answer).startsWith('+OK')) throw new Error(`FLUSHALL: ${String(answer)}`);
      } finally {
        socket.destroy();
      }
    },
  };
}

/** What the environment can do to a part of it; `<cluster>/etcd` and the like, or `postgres`, `redis`. */
export type ComponentFault = 'kill' | 'start' | 'restart' | 'pause' | 'resume' | 'snapshot' | 'restore' | 'wipe';

/** Resolves when it is done: a restarted part is ready again. */
export async function breakComponent(
  { faultsUrl }: TestEnvironment,
  target: string,
  fault: ComponentFault,
): Promise<void> {
  if (faultsUrl === null) throw new Error(`${target} is not ours to break: it was given from outside`);
  const answer = await fetch(`${faultsUrl}/${target}/${fault}`, {
    method: 'POST',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!answer.ok) throw new Error(`${fault} ${target}: ${answer.status} ${await answer.text()}`);
}

/** kill -9 of a part of the environment, which then starts again. */
export function restartsOf(environment: TestEnvironment, target: string, everyMs: Fault['everyMs']): Fault {
  return { kind: `restart ${target}`, everyMs, strike: () => breakComponent(environment, target, 'restart') };
}
