import { InputRefused } from '@ccluster/domain';
import type { PageInfo } from './page-info.type.js';

const MAX_PAGE_SIZE = 100;

/** What the size of a page says of itself in the schema. */
export const PAGE_SIZE_DESCRIPTION = `0 to ${MAX_PAGE_SIZE}`;

export interface Edge<Node> {
  readonly cursor: string;
  readonly node: Node;
}

export interface Page<Node> {
  readonly edges: Edge<Node>[];
  readonly pageInfo: PageInfo;
}

/** Throws BAD_USER_INPUT where a page of that size is not given. */
export function checkPageSize(argument: 'first' | 'last', size: number, max: number = MAX_PAGE_SIZE): void {
  if (size >= 0 && size <= max) return;
  const message = `${argument} must be from 0 to ${max.toLocaleString('en')}; got ${size}`;
  throw new InputRefused([{ path: [argument], code: 'INVALID', message }]);
}

/**
 * The page after a cursor.
 * @param found up to `first` + 1 of them: the one too many tells that there is a next page
 */
export function forwardPage<Found, Node>(
  found: readonly Found[],
  { first, after }: { readonly first: number; readonly after: unknown },
  toEdge: (found: Found) => Edge<Node>,
): Page<Node> {
  const edges = found.slice(0, first).map(toEdge);
  return { edges, pageInfo: pageInfo(edges, { hasNextPage: found.length > first, hasPreviousPage: after != null }) };
}

function pageInfo(edges: readonly Edge<unknown>[], more: Pick<PageInfo, 'hasNextPage' | 'hasPreviousPage'>): PageInfo {
  return { ...more, startCursor: edges[0]?.cursor ?? null, endCursor: edges.at(-1)?.cursor ?? null };
}
