import { Lexer, Source, TokenKind } from 'graphql';
import { queryTooComplex } from './query-cost.js';

/** The schema's deepest lists need some 15 levels, and so does introspection. */
const MAX_LEVELS = 50;
const OPENING: ReadonlySet<string> = new Set([TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L]);
const CLOSING: ReadonlySet<string> = new Set([TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R]);

/** Throws QUERY_TOO_COMPLEX for a document so deep that the parser, which calls itself, could run out of its stack. */
export function checkNesting(document: string): void {
  let levels = 0;
  for (const kind of tokenKinds(document)) {
    if (OPENING.has(kind)) levels += 1;
    if (CLOSING.has(kind)) levels -= 1;
    if (levels > MAX_LEVELS) throw queryTooComplex(`The document has more than ${MAX_LEVELS} levels`);
  }
}

/** Up to the end, or to what the parser will refuse. */
function* tokenKinds(document: string): Generator<string, void, undefined> {
  const lexer = new Lexer(new Source(document));
  try {
    while (lexer.advance().kind !== TokenKind.EOF) yield lexer.token.kind;
  } catch {
    // No token: a syntax error, which the parser words better.
  }
}
