import { parse, validate, type DocumentNode, type GraphQLError, type GraphQLSchema } from 'graphql';
import { MAX_DOCUMENT_TOKENS, MAX_KNOWN_CHARACTERS, MAX_KNOWN_DOCUMENTS, MAX_VALIDATION_ERRORS } from './limits.js';

export interface ReadDocument {
  readonly document: DocumentNode;
  readonly invalid: GraphQLError | undefined;
}

/** @returns parses and validates, what was valid before not again. Throws what the parser throws. */
export function createDocumentCache(schema: GraphQLSchema): (query: string) => ReadDocument {
  const valid = new Map<string, DocumentNode>();
  return (query) => {
    const known = valid.get(query);
    if (known !== undefined) return { document: known, invalid: undefined };
    const document = parse(query, { maxTokens: MAX_DOCUMENT_TOKENS });
    const [invalid] = validate(schema, document, undefined, { maxErrors: MAX_VALIDATION_ERRORS });
    if (invalid === undefined && query.length <= MAX_KNOWN_CHARACTERS) {
      if (valid.size >= MAX_KNOWN_DOCUMENTS) valid.clear();
      valid.set(query, document);
    }
    return { document, invalid };
  };
}
