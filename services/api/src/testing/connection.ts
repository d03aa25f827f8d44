/** What every list gives, as far as it was asked for. */
export interface TestConnection<Node> {
  readonly totalCount: number;
  readonly edges: { readonly cursor: string; readonly node: Node }[];
  readonly pageInfo: Record<'hasNextPage' | 'hasPreviousPage', boolean> & Record<'startCursor' | 'endCursor', string>;
}

export const PAGE_INFO = 'pageInfo { hasNextPage hasPreviousPage startCursor endCursor }';
