import { isScalar, Lexer, parseDocument, visit } from 'yaml';

/** Some ten times what a kubeconfig of 50 clusters has; as many are read in a few tenths of a second. */
const MAX_TOKENS = 20_000;

/**
 * One document of plain maps, lists and scalars, in time that grows with its length alone. Throws for anything else:
 * aliases, a key that comes twice or is none of text, tags, and nesting that overflows the parser's stack. What it throws
 * may quote the text.
 */
export function parseYaml(unsafeText: string): unknown {
  refuseTooManyTokens(unsafeText);
  const document = parseDocument(unsafeText, {
    schema: 'core',
    logLevel: 'error',
    // It would write out the line of each of thousands of errors.
    prettyErrors: false,
    // It would compare each key of a map with each other.
    uniqueKeys: false,
  });
  // What it merely warns of is a tag or a version that it does not know.
  if (document.errors.length + document.warnings.length > 0) refuse('a fault');
  visit(document, {
    Alias: () => refuse('an alias'),
    Scalar: (_, node) => refuseTag(node),
    Seq: (_, node) => refuseTag(node),
    Map: (_, node) => {
      refuseTag(node);
      refuseRepeatedKeys(node.items.map(({ key }) => key));
    },
  });
  return document.toJS({ maxAliasCount: 0 }) as unknown;
}

function refuseTooManyTokens(unsafeText: string): void {
  let tokens = 0;
  for (const _ of new Lexer().lex(unsafeText)) if (++tokens > MAX_TOKENS) refuse('too many tokens');
}

function refuseTag({ tag }: { readonly tag?: string }): void {
  if (tag !== undefined) refuse('a tag');
}

function refuseRepeatedKeys(keys: readonly unknown[]): void {
  const names = keys.map((key) => (isScalar(key) && typeof key.value === 'string' ? key.value : refuse('a key')));
  if (new Set(names).size < names.length) refuse('a key twice');
}

function refuse(what: string): never {
  throw new Error(`has ${what}`);
}
