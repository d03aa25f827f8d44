import { startTcpFaultProxy, type FaultProxy } from '@ccluster/testkit';

import type { Random } from '../random.js';
import type { Product } from './product.js';
import type { Fault } from './schedule.js';

/** A proxy before each api of a product. */
export function startApiProxies({ services }: Product): Promise<FaultProxy[]> {
  return Promise.all(
    services.api.map(({ address }) => {
      const { hostname, port } = new URL(address);
      return startTcpFaultProxy({ target: { host: hostname, port: Number(port) } });
    }),
  );
}

export interface Cuts {
  /** What a connection is cut within: an answer, a message. */
  readonly within: string;
  /** Between two of a kind, milliseconds. */
  readonly everyMs: Fault['everyMs'];
  /** After how many bytes of it. */
  readonly afterBytes: readonly [min: number, max: number];
}

/** Connections to an api are reset, all at once or one within what it brings. */
export function cutsOf(proxies: readonly FaultProxy[], { within, everyMs, afterBytes }: Cuts, random: Random): Fault[] {
  const choices = random.fork('proxies');
  return [
    {
      kind: 'reset of all connections to an api',
      everyMs,
      strike: async () => choices.pick(proxies).resetAll(),
    },
    {
      kind: `connection cut within ${within}`,
      everyMs,
      strike: async () => choices.pick(proxies).resetAfterBytes(choices.between(...afterBytes)),
    },
  ];
}
