import { randomBytes } from 'node:crypto';

import type { Asker, TransportName } from './ask.js';
import { findDifference, type SentAnswer } from './compare-answers.js';
import { neverExisted } from './never-existed.js';
import { operationOf, type Filling } from './operation.js';
import { ownId } from './own-id.js';
import type { Position } from './positions.js';
import type { World } from './world.js';

/** Of what is asked for; less where the api refuses that as too costly. */
const DEPTHS = [4, 3, 2, 1];
const MOST_REPAIRS = 8;
const PATIENT_MS = 5_000;

/** A position with all else that the api wants to be given there, so that it comes to look at the value itself. */
export interface Settled {
  readonly position: Position;
  readonly depth: number;
  readonly filling: Omit<Filling, 'newName'>;
}

/** @param asker of the organization `own` */
export async function settle(position: Position, asker: Asker, own: World): Promise<Settled> {
  const refusals = new Map<string, number>();
  const included = new Set<string>();
  const filling = { idFor: (field: string, name: string) => ownId(own, field, name), refusals, included };
  // A mutation may make something, of which all is new.
  let depthAt = position.kind === 'mutation' ? 2 : 0;
  for (let repairs = 0; repairs < MOST_REPAIRS; repairs += 1) {
    const settled = { position, depth: DEPTHS[depthAt] ?? 1, filling };
    const { text } = await askWith(settled, 'HTTP', asker, neverExisted(own.jobIds[0]));
    if (text.includes('QUERY_TOO_COMPLEX')) depthAt += 1;
    else if (!repair(position, issuePaths(text), refusals, included)) break;
  }
  return { position, depth: DEPTHS[depthAt] ?? 1, filling };
}

/** One operation with a value at its position; names are made up anew for each. */
export async function askWith(
  { position, depth, filling }: Settled,
  transport: TransportName,
  asker: Asker,
  value: string,
  listenMs?: number,
): Promise<SentAnswer> {
  const names: string[] = [];
  const newName = (): string => {
    const name = `q${randomBytes(6).toString('hex')}`;
    names.push(name);
    return name;
  };
  const text = await asker.ask(transport, operationOf(position, value, { ...filling, newName }, depth), listenMs);
  return { text, value, names };
}

/** How the answer to a value of somebody else's differs from those to two that never were; undefined: not at all. */
export async function tryForeign(
  settled: Settled,
  transport: TransportName,
  asker: Asker,
  value: string,
  [one, other]: readonly [string, string],
): Promise<{ readonly answer: SentAnswer; readonly difference: string | undefined }> {
  const attempt = async (listenMs?: number) => {
    const toOne = await askWith(settled, transport, asker, one, listenMs);
    const answer = await askWith(settled, transport, asker, value, listenMs);
    const toOther = await askWith(settled, transport, asker, other, listenMs);
    return { answer, difference: findDifference(answer, toOne, toOther) };
  };
  const first = await attempt();
  // Where the machine is busy, what one subscription had said by then another had not.
  const isHasty = first.difference !== undefined && settled.position.kind === 'subscription';
  return isHasty ? attempt(PATIENT_MS) : first;
}

function issuePaths(text: string): string[][] {
  const body = text.slice(text.indexOf('\n') + 1);
  const { errors = [] } = JSON.parse(body) as {
    errors?: { extensions?: { issues?: { path: (string | number)[] }[] } }[];
  };
  return errors.flatMap(({ extensions }) =>
    (extensions?.issues ?? []).map(({ path }) => path.filter((part) => typeof part === 'string')),
  );
}

/** Gives another value where one is refused, or one where none was given. @returns whether that changes anything */
function repair(
  { path: [argument, ...below] }: Position,
  refused: readonly string[][],
  refusals: Map<string, number>,
  included: Set<string>,
): boolean {
  const attacked = below.join('.');
  const mended = refused.map((path) => path.join('.')).filter((path) => path !== attacked && path !== '');
  for (const path of mended) {
    const key = `${argument}.${path}`;
    // What had to be there was there; then it is the value that will not do.
    if (included.has(key)) refusals.set(key, (refusals.get(key) ?? 0) + 1);
    else included.add(key);
  }
  return mended.length > 0;
}
