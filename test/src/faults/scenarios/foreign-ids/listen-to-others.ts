import type { GraphQLSchema } from 'graphql';
import { isRequiredArgument } from 'graphql';

import { askDeeply, type Asker } from './ask.js';
import { operationOf, type Filling } from './operation.js';
import type { Position } from './positions.js';

const DEPTH = 2;
const STIRS = 5;
/** A subscription looks by itself every two seconds. */
const SETTLE_MS = 3_000;

export interface Overheard {
  /** All that came over subscriptions and in lists. */
  readonly texts: readonly string[];
  /** How many messages the organization that was stirred had itself in that time. */
  readonly ownMessages: number;
}

/**
 * Follows all that can be followed without naming a thing, and lists all that can be listed, while another organization
 * makes and ends jobs.
 */
export async function listenToOthers(
  schema: GraphQLSchema,
  { listener, itself }: { readonly listener: Asker; readonly itself: Asker },
  filling: Filling,
  stir: () => Promise<void>,
): Promise<Overheard> {
  const all = [schema.getQueryType(), schema.getSubscriptionType()].flatMap((type, at) =>
    Object.values(type?.getFields() ?? {})
      .filter((field) => !field.args.some(isRequiredArgument))
      .map((field): Position => ({
        kind: at === 0 ? 'query' : 'subscription',
        fields: [field],
        path: ['-'],
        isId: false,
      })),
  );
  const followed = all
    .filter(({ kind }) => kind === 'subscription')
    .map((each) => operationOf(each, '', filling, DEPTH));
  const listening = followed.map((operation) => listener.listen(operation));
  const own = followed.map((operation) => itself.listen(operation));
  for (let i = 0; i < STIRS; i += 1) await stir();
  await new Promise((later) => setTimeout(later, SETTLE_MS));
  const lists = all.filter(({ kind }) => kind === 'query');
  const listed = await Promise.all(lists.map((position) => askDeeply(listener, position, filling)));
  const heard = await Promise.all(listening.map((each) => each.stop()));
  const ownHeard = await Promise.all(own.map((each) => each.stop()));
  const ownMessages = ownHeard.map((text) => (JSON.parse(text) as { messages: unknown[] }).messages.length);
  return { texts: [...listed, ...heard], ownMessages: ownMessages.reduce((sum, count) => sum + count, 0) };
}
