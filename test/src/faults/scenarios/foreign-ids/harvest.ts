import type { GraphQLSchema } from 'graphql';
import { isRequiredArgument } from 'graphql';

import { askDeeply, type Asker } from './ask.js';
import type { Filling } from './operation.js';
import type { Position } from './positions.js';

/** Cursors of one list that are kept: the first and the last. */
const CURSORS_A_LIST = 2;

/** The cursors that an organization is given, by asking for all that it has. */
export async function harvestCursors(schema: GraphQLSchema, asker: Asker, filling: Filling): Promise<string[]> {
  const found = new Map<string, string[]>();
  for (const position of queriesOf(schema)) {
    const answer = await askDeeply(asker, position, filling);
    for (const [, cursor = ''] of answer.matchAll(/"\w*[cC]ursor":"([^"]+)"/g)) {
      const list = listOf(cursor);
      const known = found.get(list) ?? [];
      if (!known.includes(cursor)) found.set(list, [...known.slice(0, CURSORS_A_LIST - 1), cursor]);
    }
  }
  return [...found.values()].flat();
}

/** Each query, with nothing given but what is required. */
function queriesOf(schema: GraphQLSchema): Position[] {
  const fields = Object.values(schema.getQueryType()?.getFields() ?? {});
  return fields
    .filter((field) => field.args.filter(isRequiredArgument).every((arg) => String(arg.type) === 'ID!'))
    .map((field) => ({ kind: 'query', fields: [field], path: ['nothing'], isId: false }));
}

/** Which list gave out a cursor; each is its own where it does not say. */
function listOf(cursor: string): string {
  try {
    const [list] = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as unknown[];
    return typeof list === 'string' ? list : cursor;
  } catch {
    return cursor;
  }
}
