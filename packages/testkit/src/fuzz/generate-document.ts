import {
  getNamedType,
  getNullableType,
  isObjectType,
  isRequiredArgument,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';
import type { Choices } from './choices.js';
import { generateValue, jsonOf, literalOf } from './generate-value.js';

export interface GeneratedRequest {
  readonly query: string;
  readonly operationName?: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

const MAX_DEPTH = 8;

interface Draft {
  readonly choices: Choices;
  readonly declarations: string[];
  readonly variables: Record<string, unknown>;
  readonly fragments: string[];
}

/** An operation that the schema's grammar allows, with aliases, fragments, directives and variables. */
export function generateDocument(schema: GraphQLSchema, choices: Choices): GeneratedRequest {
  const [keyword, root] = choices.oneOf([
    ['query', schema.getQueryType()!],
    ['query', schema.getQueryType()!],
    ['mutation', schema.getMutationType()!],
    ['subscription', schema.getSubscriptionType()!],
  ] as const);
  const draft: Draft = { choices, declarations: [], variables: {}, fragments: [] };
  const selection = selectionOf(root, draft, 0, keyword === 'subscription' ? 1 : 1 + choices.below(4));
  const declared = draft.declarations.length === 0 ? '' : `(${draft.declarations.join(', ')})`;
  const query = [`${keyword} Fuzz${declared} ${selection}`, ...draft.fragments].join('\n');
  return {
    query,
    variables: draft.variables,
    ...(choices.chance(20) && { operationName: choices.oneOf(['Fuzz', 'x']) }),
  };
}

function selectionOf(type: GraphQLObjectType, draft: Draft, depth: number, count: number): string {
  const fields = Object.values(type.getFields());
  const parts = Array.from({ length: count }, () => fieldOf(draft.choices.oneOf(fields), draft, depth));
  const { choices } = draft;
  if (choices.chance(10)) parts.push('__typename');
  if (choices.chance(10))
    return `{ ... on ${type.name}${choices.chance(10) ? directiveOf(draft) : ''} { ${parts.join(' ')} } }`;
  if (!choices.chance(10)) return `{ ${parts.join(' ')} }`;
  const name = `F${draft.fragments.length}`;
  draft.fragments.push(`fragment ${name} on ${type.name} { ${parts.join(' ')} }`);
  return `{ ...${name} ${choices.chance(20) ? `...${name}` : ''} }`;
}

function fieldOf(field: GraphQLField<unknown, unknown>, draft: Draft, depth: number): string {
  const { choices } = draft;
  const alias = choices.chance(15) ? `a${choices.below(5)}: ` : '';
  const directive = choices.chance(5) ? directiveOf(draft) : '';
  const given = field.args.filter((arg) => isRequiredArgument(arg) || choices.chance(30));
  const args = given.length === 0 ? '' : `(${given.map((arg) => argumentOf(arg, draft)).join(', ')})`;
  const type = getNamedType(field.type);
  const below = isObjectType(type) ? ` ${objectOf(type, draft, depth)}` : '';
  return `${alias}${field.name}${args}${directive}${below}`;
}

function objectOf(type: GraphQLObjectType, draft: Draft, depth: number): string {
  if (depth >= MAX_DEPTH) return '{ __typename }';
  return selectionOf(type, draft, depth + 1, 1 + draft.choices.below(4));
}

function argumentOf({ name, type }: GraphQLArgument, { choices, declarations, variables }: Draft): string {
  const value = generateValue(type, choices);
  if (!choices.chance(40)) return `${name}: ${literalOf(value)}`;
  const variable = `v${declarations.length}`;
  // Where an argument has a default, a variable may be null for it.
  const loose = choices.chance(20);
  declarations.push(
    `$${variable}: ${loose ? String(getNullableType(type)) : String(type)}${loose ? defaultOf(type, choices) : ''}`,
  );
  if (!loose || choices.chance(50)) variables[variable] = choices.chance(10) ? null : jsonOf(value);
  return `${name}: $${variable}`;
}

function defaultOf(type: GraphQLArgument['type'], choices: Choices): string {
  return choices.chance(50) ? ` = ${literalOf(generateValue(type, choices))}` : '';
}

function directiveOf({ choices, declarations, variables }: Draft): string {
  const name = choices.oneOf(['skip', 'include', 'no']);
  if (choices.chance(50)) return ` @${name}(if: ${choices.chance(50)})`;
  const variable = `v${declarations.length}`;
  declarations.push(`$${variable}: Boolean${choices.oneOf(['!', ' = false', ''])}`);
  if (choices.chance(60)) variables[variable] = choices.oneOf([true, false, null]);
  return ` @${name}(if: $${variable})`;
}
