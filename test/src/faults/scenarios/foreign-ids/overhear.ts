import type { GraphQLSchema } from 'graphql';

import type { Violation } from '../../violation.js';
import type { Asker } from './ask.js';
import { leak, shownOf } from './leaks.js';
import { listenToOthers } from './listen-to-others.js';
import { fillingOf, type World } from './world.js';

/** What comes to a caller that names nothing of the other's, while the other makes and ends jobs. */
export async function overhear(
  schema: GraphQLSchema,
  { listener, victim }: { readonly listener: Asker; readonly victim: Asker },
  own: World,
  foreign: World,
  secrets: readonly string[],
): Promise<Violation[]> {
  const { texts, ownMessages } = await listenToOthers(
    schema,
    { listener, itself: victim },
    fillingOf(own),
    foreign.stir,
  );
  return [
    ...texts
      .flatMap((text) => shownOf({ text, value: '', names: [] }, secrets))
      .map((secret) => leak('lists and subscriptions', `show ${secret}`)),
    ...(ownMessages > 0 ? [] : [leak('subscriptions', 'told nobody anything, so that they prove nothing')]),
  ];
}
