import { untilEnd } from './until-end.js';

/**
 * Follows a subscription to its end, however often its socket drops: each time it is opened again after the cursor of
 * the last item, so nothing is missed and nothing comes twice.
 * @param open opens the subscription after a cursor; undefined: from its beginning
 */
export async function* follow<T extends { readonly cursor: string }>(
  open: (after: string | undefined) => AsyncIterable<T>,
  after: string | undefined,
): AsyncGenerator<T, void, void> {
  let cursor = after;
  for await (const item of untilEnd(() => open(cursor))) {
    cursor = item.cursor;
    yield item;
  }
}
