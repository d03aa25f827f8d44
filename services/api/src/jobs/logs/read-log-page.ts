import type { LogScope, Queryable } from '@ccluster/db';
import { InputRefused } from '@ccluster/domain';
import { checkPageSize } from '../../graphql/page.js';
import { logCursor } from './log-cursor.js';
import { LOG_END, LOG_START } from './log-lines.js';
import type { LogLineConnection } from './log.type.js';
import { parseLogSearch } from './log-search.js';
import { readLogLines } from './read-log-lines.js';
import type { LogDirection } from './walk-log.js';

const MAX_LINES = 5000;
export const DEFAULT_LOG_LINES = 1000;

/** What the size of a page says of itself in the schema. */
export const LOG_PAGE_SIZE_DESCRIPTION = '0 to 5,000; the first 1,000 where neither `first` nor `last` is given';

export interface LogPageRequest {
  readonly search: string | null;
  readonly first: number | null;
  readonly after: string | null;
  readonly last: number | null;
  readonly before: string | null;
}

/**
 * A page of a log: `first` lines after `after` (the first 1,000 if nothing is given), or `last` lines before `before`.
 * It may be shorter than asked for, even empty, where lines are long or where much was searched in vain; `hasNextPage`
 * and `hasPreviousPage` tell, and `endCursor` and `startCursor` are where to go on.
 */
export async function readLogPage(db: Queryable, scope: LogScope, request: LogPageRequest): Promise<LogLineConnection> {
  const direction = directionOf(request);
  const { size, start } = direction === 'forwards' ? forwardsPart(request) : backwardsPart(request);
  const position = start === null ? null : logCursor.parse(scope.jobId, start);
  const { lines, more, reached } = await readLogLines(db, scope, {
    direction,
    size,
    start: position ?? (direction === 'forwards' ? LOG_START : LOG_END),
    search: parseLogSearch(request.search),
  });
  const edges = lines.map((placed) => ({ cursor: logCursor.format(scope.jobId, placed.position), node: placed.line }));
  const stop = reached === undefined ? null : logCursor.format(scope.jobId, reached);
  const pageInfo =
    direction === 'forwards'
      ? { hasPreviousPage: start !== null, hasNextPage: more, startCursor: edges[0]?.cursor ?? stop, endCursor: stop }
      : {
          hasPreviousPage: more,
          hasNextPage: start !== null,
          startCursor: stop,
          endCursor: edges.at(-1)?.cursor ?? stop,
        };
  return { edges: direction === 'forwards' ? edges : edges.toReversed(), pageInfo };
}

function directionOf({ first, after, last, before }: LogPageRequest): LogDirection {
  const backwards = last !== null || (before !== null && first === null);
  const isMixed = backwards ? first !== null || after !== null : before !== null;
  if (isMixed) throw mixedDirections();
  return backwards ? 'backwards' : 'forwards';
}

function forwardsPart({ first, after }: LogPageRequest) {
  const size = first ?? DEFAULT_LOG_LINES;
  checkPageSize('first', size, MAX_LINES);
  return { size, start: after };
}

function backwardsPart({ last, before }: LogPageRequest) {
  const size = last ?? DEFAULT_LOG_LINES;
  checkPageSize('last', size, MAX_LINES);
  return { size, start: before };
}

function mixedDirections(): InputRefused {
  const message = 'first and after, or last and before, must be given, not parts of both';
  return new InputRefused([{ path: ['last'], code: 'INVALID', message }]);
}
