import { Lexer, Source, TokenKind, type Token } from 'graphql';
import { MAX_DOCUMENT_TOKENS } from './limits.js';
import { queryTooComplex } from './query-cost.js';
import { countSelections } from './selection-limits.js';
import { refuseConditionalSubscriptions } from './conditional-subscriptions.js';

/** Comments and white space have no words, and are read all the same; what is long belongs into variables. */
const MAX_CHARACTERS = 128 * 1024;
/** The schema's deepest lists need some 15 levels, and so does introspection. */
const MAX_LEVELS = 50;
/** Fragments within fragments are as deep as their levels together, and the rules call themselves for each. */
const MAX_LEVELS_IN_ALL = 300;

const OPENING: ReadonlySet<string> = new Set([TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L]);
const CLOSING: ReadonlySet<string> = new Set([TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R]);

/**
 * Throws QUERY_TOO_COMPLEX for a document that would keep the parser or the rules of validation busy, which compare
 * fields with one another and call themselves, and GRAPHQL_VALIDATION_FAILED for one that they fail at. One look at each word, before all else.
 * @returns how many words it has
 */
export function checkDocument(document: string): number {
  if (document.length > MAX_CHARACTERS) {
    throw queryTooComplex(`The document has more than ${MAX_CHARACTERS.toLocaleString('en')} characters`);
  }
  let words = 0;
  const readers = [countLevels(), countSelections(), refuseConditionalSubscriptions()];
  for (const token of tokensOf(document)) {
    words += 1;
    if (words > MAX_DOCUMENT_TOKENS) {
      throw queryTooComplex(`The document has more than ${MAX_DOCUMENT_TOKENS.toLocaleString('en')} words`);
    }
    for (const read of readers) read(token);
  }
  return words;
}

function countLevels(): (token: Token) => void {
  let levels = 0;
  let deepest = 0;
  let inAll = 0;
  return ({ kind }) => {
    if (OPENING.has(kind)) levels += 1;
    if (CLOSING.has(kind)) levels -= 1;
    if (levels > MAX_LEVELS) throw queryTooComplex(`The document has more than ${MAX_LEVELS} levels`);
    deepest = Math.max(deepest, levels);
    if (levels > 0 || !CLOSING.has(kind)) return;
    inAll += deepest;
    deepest = 0;
    if (inAll > MAX_LEVELS_IN_ALL) throw queryTooComplex(`The fragments have more than ${MAX_LEVELS_IN_ALL} levels`);
  };
}

/** Up to the end, or to what the parser will refuse. */
function* tokensOf(document: string): Generator<Token, void, undefined> {
  const lexer = new Lexer(new Source(document));
  try {
    while (lexer.advance().kind !== TokenKind.EOF) yield lexer.token;
  } catch {
    // No token: a syntax error, which the parser words better.
  }
}
