import { InputRefused } from '@ccluster/domain';
import type { LogLine } from './log.type.js';

const MAX_SEARCH_CHARACTERS = 256;

/** What a search for log lines says of itself in the schema. */
export const LOG_SEARCH_DESCRIPTION =
  'Only lines whose text, as shown, holds these characters, in either case; 256 at most. A page ends after some 16 Mi ' +
  'characters or 1,000 stored chunks that were looked through, perhaps with no line in it: go on after its endCursor ' +
  'while hasNextPage (backwards: startCursor, hasPreviousPage).';

/** Whether a line is looked for. Gaps have no text and are not found. */
export type LogSearch = (line: LogLine) => boolean;

/** Undefined where nothing is looked for: null, or no characters. Throws BAD_USER_INPUT. */
export function parseLogSearch(search: string | null): LogSearch | undefined {
  if (search === null || search === '') return undefined;
  if (search.length > MAX_SEARCH_CHARACTERS) {
    const message = `search must have at most ${MAX_SEARCH_CHARACTERS} characters; got ${search.length}`;
    throw new InputRefused([{ path: ['search'], code: 'INVALID', message }]);
  }
  const wanted = search.toLowerCase();
  return ({ text }) => text.toLowerCase().includes(wanted);
}
