import {
  getNamedType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isRequiredInputField,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
} from 'graphql';

type Field = GraphQLField<unknown, unknown>;
type Arguments = Record<string, unknown>;

/** What to give for a scalar, by the name of its type. */
export type ScalarValues = Readonly<Record<string, readonly unknown[]>>;

/** `query ($id: ID!) { job(id: $id) { __typename } }` and so on: one operation, of one field, with all its arguments. */
export function operationOf(keyword: 'query' | 'mutation' | 'subscription', field: Field): string {
  const { name, args, type } = field;
  const selection = isLeafType(getNamedType(type)) ? '' : '{ __typename }';
  if (args.length === 0) return `${keyword} { ${name} ${selection} }`;
  return `${keyword} (${declare(args)}) { ${name}(${pass(args)}) ${selection} }`;
}

/** `query ($id: ID!, $first: Int!) { job(id: $id) { tasks(first: $first) { __typename } } }` and so on. */
export function operationOnJob({ name, args }: Field): string {
  return `query ($id: ID!, ${declare(args)}) { job(id: $id) { ${name}(${pass(args)}) { __typename } } }`;
}

/** The least that a field can be given. @param id what it is given for an id */
export function leastArguments({ args }: Field, id: string): Arguments {
  const required = args.filter((arg) => isNonNullType(arg.type));
  return Object.fromEntries(required.map(({ name, type }) => [name, leastValue(type, id)]));
}

/** The least that a field can be given, with one part of it replaced by one of the values, or by null; each in turn. */
export function argumentsWith(field: Field, id: string, values: ScalarValues): Arguments[] {
  const least = leastArguments(field, id);
  return field.args.flatMap(({ name, type }) =>
    variants(type, id, values).map((value) => ({ ...least, [name]: value })),
  );
}

function declare(args: readonly GraphQLArgument[]): string {
  return args.map(({ name, type }) => `$${name}: ${String(type)}`).join(', ');
}

function pass(args: readonly GraphQLArgument[]): string {
  return args.map(({ name }) => `${name}: $${name}`).join(', ');
}

function leastValue(type: GraphQLInputType, id: string): unknown {
  if (isNonNullType(type)) return leastValue(type.ofType, id);
  if (isListType(type)) return [];
  if (isEnumType(type)) return type.getValues()[0]?.name;
  if (!isInputObjectType(type)) return { ID: id, String: 'x', Int: 1, Boolean: false }[type.name];
  const required = Object.values(type.getFields()).filter(isRequiredInputField);
  return Object.fromEntries(required.map((field) => [field.name, leastValue(field.type, id)]));
}

function variants(type: GraphQLInputType, id: string, values: ScalarValues): unknown[] {
  if (isNonNullType(type)) return variants(type.ofType, id, values).filter((value) => value !== null);
  if (isListType(type)) return [null, [], ...variants(type.ofType, id, values).map((value) => [value])];
  if (!isInputObjectType(type)) return [null, ...(values[type.name] ?? [])];
  const least = leastValue(type, id) as Arguments;
  return Object.values(type.getFields()).flatMap((field) =>
    variants(field.type, id, values).map((value) => ({ ...least, [field.name]: value })),
  );
}
