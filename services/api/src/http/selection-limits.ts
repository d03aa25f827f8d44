import { TokenKind, type Token } from 'graphql';
import { queryTooComplex } from './query-cost.js';

const LIMITS = {
  aliases: 100,
  directives: 100,
  /** `@include`, `@skip`, and room. */
  'directives of one field': 4,
  'fragments that are spread': 50,
  /** What is asked for again beside itself; each is compared to each. */
  'repeated fields': 25,
} as const;

type Counted = keyof typeof LIMITS;

/**
 * Throws QUERY_TOO_COMPLEX where a document has too many of something, told its words one after the other.
 * What an inline fragment holds stands beside it, as it does for the rules of validation.
 */
export function countSelections(): (token: Token) => void {
  const counts: Record<Counted, number> = {
    aliases: 0,
    directives: 0,
    'directives of one field': 0,
    'fragments that are spread': 0,
    'repeated fields': 0,
  };
  const count = (what: Counted): void => {
    counts[what] += 1;
    if (counts[what] > LIMITS[what]) throw queryTooComplex(`The document has more than ${LIMITS[what]} ${what}`);
  };
  const selections: Set<string>[] = [];
  let parentheses = 0;
  let inline = false;
  const beginField = (name: string): void => {
    counts['directives of one field'] = 0;
    inline = false;
    const beside = selections.at(-1);
    if (beside?.has(name)) count('repeated fields');
    beside?.add(name);
  };
  const roleOf = trackNames();
  return (token) => {
    const { kind } = token;
    if (kind === TokenKind.AT) {
      count('directives');
      if (parentheses === 0) count('directives of one field');
    }
    if (kind === TokenKind.PAREN_L) parentheses += 1;
    if (kind === TokenKind.PAREN_R) parentheses -= 1;
    const role = roleOf(token);
    if (parentheses > 0) return;
    if (kind === TokenKind.COLON) count('aliases');
    if (kind === TokenKind.SPREAD) count('fragments that are spread');
    if (kind === TokenKind.SPREAD || kind === TokenKind.BRACE_L) counts['directives of one field'] = 0;
    if (kind === TokenKind.SPREAD) inline = true;
    if (role === 'fragment') inline = false;
    if (role === 'field') beginField(token.value);
    if (kind === TokenKind.BRACE_R) selections.pop();
    if (kind !== TokenKind.BRACE_L) return;
    selections.push((inline ? selections.at(-1) : undefined) ?? new Set());
    inline = false;
  };
}

/** What a name is, by the words before it. */
function trackNames(): (token: Token) => 'field' | 'fragment' | undefined {
  let before: TokenKind | 'on' = TokenKind.SOF;
  return ({ kind, value }) => {
    const last = before;
    before = last === TokenKind.SPREAD && value === 'on' ? 'on' : kind;
    if (kind !== TokenKind.NAME || before === 'on' || last === 'on') return undefined;
    if (last === TokenKind.SPREAD) return 'fragment';
    return last === TokenKind.AT || last === TokenKind.COLON || last === TokenKind.DOLLAR ? undefined : 'field';
  };
}
