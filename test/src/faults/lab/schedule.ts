import { setTimeout as sleep } from 'node:timers/promises';

import type { Random } from '../random.js';

/** Something that breaks, and is whole again when `strike` resolves. */
export interface Fault {
  /** For the table. */
  readonly kind: string;
  /** Pause before each, milliseconds, drawn between the two. */
  readonly everyMs: readonly [min: number, max: number];
  strike(): Promise<void>;
}

export interface Schedule {
  /** So far, by kind. */
  readonly counts: Readonly<Record<string, number>>;
  /** Nothing more breaks; what is broken is whole again. Throws where a strike did. */
  stop(): Promise<void>;
}

/** Strikes again and again, each fault on its own; when and in which order follows from `random`. */
export function startSchedule(faults: readonly Fault[], random: Random): Schedule {
  const stopping = new AbortController();
  const counts: Record<string, number> = {};
  const repeat = async ({ kind, everyMs, strike }: Fault): Promise<void> => {
    const pauses = random.fork(kind);
    for (;;) {
      const isOver = await sleep(pauses.between(...everyMs), false, { signal: stopping.signal }).catch(() => true);
      if (isOver) return;
      await strike();
      counts[kind] = (counts[kind] ?? 0) + 1;
    }
  };
  const repeating = Promise.allSettled(faults.map(repeat));
  return {
    counts,
    stop: async () => {
      stopping.abort();
      const failed = (await repeating).find((each) => each.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
    },
  };
}
