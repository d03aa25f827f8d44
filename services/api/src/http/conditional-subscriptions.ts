import { GraphQLError, TokenKind, type Token } from 'graphql';

/**
 * Throws GRAPHQL_VALIDATION_FAILED where a directive could leave out the field of a subscription, told the document's
 * words one after the other. GraphQL's specification of 2025 forbids it; the rules of graphql-js do not, and fail at it.
 */
export function refuseConditionalSubscriptions(): (token: Token) => void {
  let parentheses = 0;
  let ofSubscription = false;
  /** Of each selection that is open, whether it is the one of a subscription itself. */
  const roots: boolean[] = [];
  let inline = false;
  let previous: TokenKind | 'on' = TokenKind.SOF;
  let beforePrevious: TokenKind | 'on' = TokenKind.SOF;
  return ({ kind, value }) => {
    if (kind === TokenKind.PAREN_L) parentheses += 1;
    if (kind === TokenKind.PAREN_R) parentheses -= 1;
    if (parentheses > 0) return;
    if (roots.length === 0 && kind === TokenKind.NAME) {
      if (previous === TokenKind.BRACE_R || previous === TokenKind.SOF) ofSubscription = value === 'subscription';
      else if (previous === 'on') ofSubscription = value === 'Subscription';
    }
    const isField = kind === TokenKind.NAME && previous !== TokenKind.AT && beforePrevious !== TokenKind.SPREAD;
    if (kind === TokenKind.SPREAD) inline = true;
    else if (isField && previous !== 'on') inline = previous === TokenKind.SPREAD && value === 'on';
    if (kind === TokenKind.AT && roots.at(-1) === true) throw conditional();
    if (kind === TokenKind.BRACE_L) {
      roots.push(roots.length === 0 ? ofSubscription : inline && roots.at(-1) === true);
      inline = false;
    }
    if (kind === TokenKind.BRACE_R) roots.pop();
    beforePrevious = previous;
    previous = value === 'on' ? 'on' : kind;
  };
}

function conditional(): GraphQLError {
  const extensions = { code: 'GRAPHQL_VALIDATION_FAILED', http: { status: 400 } };
  return new GraphQLError('The field of a subscription cannot be left out by a directive', { extensions });
}
