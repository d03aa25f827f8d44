import type { Asker } from './ask.js';
import { findDifference } from './compare-answers.js';
import { neverExisted } from './never-existed.js';
import { describePosition, type Position } from './positions.js';
import { askWith, settle } from './trial.js';
import type { World } from './world.js';

export interface Telling {
  readonly tried: number;
  readonly telling: number;
  /** Where no id of the caller's own made a difference. */
  readonly silent: readonly string[];
}

/** Ends what it is given. */
const ENDS = /^(delete|remove|revoke)/;

/**
 * How many places of type ID answer to one of the caller's own ids otherwise than to one that never was: elsewhere it
 * proves nothing that somebody else's is answered like that. Leaves little of the organization.
 */
export async function countTelling(positions: readonly Position[], asker: Asker, own: World): Promise<Telling> {
  const ofIds = positions.filter(({ isId }) => isId);
  const inOrder = ofIds.toSorted((left, right) => Number(endsIt(left)) - Number(endsIt(right)));
  const silent: string[] = [];
  for (const position of inOrder) {
    if (!(await tells(position, asker, own))) silent.push(describePosition(position));
  }
  return { tried: ofIds.length, telling: ofIds.length - silent.length, silent };
}

function endsIt({ fields }: Position): boolean {
  return ENDS.test(fields[0].name);
}

async function tells(position: Position, asker: Asker, own: World): Promise<boolean> {
  const settled = await settle(position, asker, own);
  const nobody = neverExisted(own.jobIds[0]);
  const [one, other] = [
    await askWith(settled, 'WebSocket', asker, nobody),
    await askWith(settled, 'WebSocket', asker, neverExisted(nobody)),
  ];
  for (const id of own.ids) {
    if (findDifference(await askWith(settled, 'WebSocket', asker, id), one, other) !== undefined) return true;
  }
  return false;
}
