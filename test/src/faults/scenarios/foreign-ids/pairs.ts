import { createRandom, type Random } from '../../random.js';
import type { ScenarioRun } from '../../scenario.js';
import type { Violation } from '../../violation.js';
import { TRANSPORTS, type Asker, type TransportName } from './ask.js';
import { leak, shownOf } from './leaks.js';
import { describePosition } from './positions.js';
import { tryForeign, type Settled } from './trial.js';
import type { Twins } from './twins.js';
import { ROLES } from './world.js';

const SHORT_PAIRS = 60;
const VALUES_FOR_A_TEXT = 6;

/** A place in the schema, and a value of somebody else's that is sent there. */
export interface Pair {
  readonly settled: Settled;
  readonly transport: TransportName;
  readonly role: (typeof ROLES)[number];
  readonly value: string;
}

/** As an admin everywhere; with the lesser roles where an id is asked for. */
export function choosePairs(
  { isShort, seed }: ScenarioRun,
  settled: readonly Settled[],
  values: readonly string[],
  places: number,
): Pair[] {
  const random = createRandom(seed);
  const all = settled.flatMap((each) =>
    ROLES.filter((role) => role === 'ADMIN' || each.position.isId).flatMap((role) =>
      TRANSPORTS.flatMap((transport) =>
        valuesFor(each, values, random).map((value) => ({ settled: each, transport, role, value })),
      ),
    ),
  );
  if (!isShort) return all;
  const wanted = Math.ceil((SHORT_PAIRS * settled.length) / places);
  return Array.from({ length: Math.min(wanted, all.length) }, () => random.pick(all));
}

/** A text that a mutation takes is seldom looked up: a few of each kind will do. */
function valuesFor({ position }: Settled, values: readonly string[], random: Random): readonly string[] {
  if (position.isId || position.kind !== 'mutation') return values;
  return Array.from({ length: VALUES_FOR_A_TEXT }, () => random.pick(values));
}

export async function tryPair(
  { settled, transport, role, value }: Pair,
  asker: Asker,
  secrets: readonly string[],
  twins: Twins,
): Promise<Violation[]> {
  const { answer, difference } = await tryForeign(settled, transport, asker, value, twins.of(value));
  const where = `${describePosition(settled.position)} over ${transport} as ${role}`;
  // What the caller itself once stored stands there with its twin, which was stored with it.
  const shown = shownOf(answer, secrets).filter((secret) => !answer.text.includes(twins.of(secret)[0]));
  return [
    ...(difference === undefined
      ? []
      : [leak(where, `${value} is answered otherwise than what never was: ${difference}`)]),
    ...shown.map((secret) => leak(where, `${value} is answered with ${secret}`)),
  ];
}
