import {
  getNamedType,
  isInputObjectType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';

export type OperationKind = 'query' | 'mutation' | 'subscription';

export type Field = GraphQLField<unknown, unknown>;

/** A place in an operation where a caller gives an id, or a text that may be one: a name, a cursor. */
export interface Position {
  readonly kind: OperationKind;
  /** From a root field down to the field with the argument. */
  readonly fields: readonly [Field, ...Field[]];
  /** The argument of the last field, and below it the fields of input objects. */
  readonly path: readonly [string, ...string[]];
  readonly isId: boolean;
}

/** Such as `query job.logs(podId)`. */
export function describePosition({ kind, fields, path }: Position): string {
  return `${kind} ${fields.map(({ name }) => name).join('.')}(${path.join('.')})`;
}

/** Every argument and input field of type ID or String, of every field that a caller can reach. */
export function findPositions(schema: GraphQLSchema): Position[] {
  const roots: [OperationKind, GraphQLObjectType | null | undefined][] = [
    ['query', schema.getQueryType()],
    ['mutation', schema.getMutationType()],
    ['subscription', schema.getSubscriptionType()],
  ];
  const ofRoots = roots.flatMap(([kind, type]) =>
    Object.values(type?.getFields() ?? {}).flatMap((field) => positionsOf(kind, [field])),
  );
  const query = schema.getQueryType();
  return [...ofRoots, ...(query ? nestedFields(query).flatMap((fields) => positionsOf('query', fields)) : [])];
}

/** By the shortest way from the queries; the same field of the same type is reached once. */
function nestedFields(query: GraphQLObjectType): [Field, ...Field[]][] {
  const reached = new Set<GraphQLObjectType>([query]);
  const found: [Field, ...Field[]][] = [];
  let ways: [Field, ...Field[]][] = Object.values(query.getFields())
    // The way by a single job is shorter for the api than that by a list of them.
    .toSorted(
      (left, right) => right.args.filter(isRequiredArgument).length - left.args.filter(isRequiredArgument).length,
    )
    .map((field) => [field]);
  while (ways.length > 0) {
    const next: [Field, ...Field[]][] = [];
    for (const way of ways) {
      const type = getNamedType(way.at(-1)!.type);
      if (!isObjectType(type) || reached.has(type)) continue;
      reached.add(type);
      for (const field of Object.values(type.getFields())) {
        const longer: [Field, ...Field[]] = [...way, field];
        if (field.args.length > 0) found.push(longer);
        if (!field.args.some(isRequiredArgument)) next.push(longer);
      }
    }
    ways = next;
  }
  return found;
}

function positionsOf(kind: OperationKind, fields: readonly [Field, ...Field[]]): Position[] {
  const args: readonly GraphQLArgument[] = fields.at(-1)!.args;
  return args.flatMap((arg) =>
    textPaths(arg.type, [arg.name], new Set()).map(({ path, isId }) => ({ kind, fields, path, isId })),
  );
}

function textPaths(
  type: GraphQLInputType,
  path: readonly [string, ...string[]],
  above: ReadonlySet<string>,
): Pick<Position, 'path' | 'isId'>[] {
  const named = getNamedType(type);
  if (isLeafType(named)) {
    return named.name === 'ID' || named.name === 'String' ? [{ path, isId: named.name === 'ID' }] : [];
  }
  if (!isInputObjectType(named) || above.has(named.name)) return [];
  const below = new Set([...above, named.name]);
  return Object.values(named.getFields()).flatMap((field) => textPaths(field.type, [...path, field.name], below));
}
