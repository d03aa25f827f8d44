import {
  getArgumentValues,
  getNamedType,
  getNullableType,
  getOperationAST,
  getVariableValues,
  GraphQLError,
  isListType,
  isObjectType,
  Kind,
  type ExecutionArgs,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  type SelectionSetNode,
} from 'graphql';
import { DEFAULT_LOG_LINES } from '../jobs/logs/read-log-page.js';
import { fieldOf, introspectionOf } from './introspection-cost.js';

/** A page of 5,000 log lines with all their fields costs some 120,000. */
const MAX_COST = 200_000;
/** A list that has no pages is short. */
const LIST_SIZE = 10;
/** What is read by a query of its own: a page, or a count. */
const QUERY_COST = 100;
/** A change is a transaction, on disk. */
const MUTATION_COST = 250;
/** Through fragments; the schema's deepest lists need some 15 levels, and so does introspection. */
const MAX_DEPTH = 30;
/** Of what is large: a page of a log unpacks megabytes, a line may be of 16 KiB. */
const TYPE_COSTS: Readonly<Record<string, number>> = { LogLineConnection: 500, LogLine: 10 };

/**
 * Throws QUERY_TOO_COMPLEX for an operation whose answer could hold too much: each value costs 1, and each page or count
 * what it is to read it. For operations that are valid.
 * @returns the cost; 0 for what execution will refuse
 */
export function checkCost({ schema, document, operationName, variableValues }: ExecutionArgs): number {
  const operation = getOperationAST(document, operationName);
  const rootType = operation && schema.getRootType(operation.operation);
  if (!operation || !rootType) return 0;
  const { coerced: variables } = getVariableValues(schema, operation.variableDefinitions ?? [], variableValues ?? {});
  // Variables that do not fit are for execution to refuse.
  if (variables === undefined) return 0;
  return createMeter(schema, fragmentsOf(document), variables)(operation.selectionSet, rootType);
}

export function queryTooComplex(what: string): GraphQLError {
  const extensions = { code: 'QUERY_TOO_COMPLEX', http: { status: 400 } };
  return new GraphQLError(`${what}: ask for less at once`, { extensions });
}

/** Of a selection in the answer. */
interface Place {
  /** How often the answer may hold it. */
  readonly times: number;
  /** Of the connection that it is in. */
  readonly pageSize: number;
  readonly depth: number;
}

type Variables = Readonly<Record<string, unknown>>;
type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

function fragmentsOf({ definitions }: ExecutionArgs['document']): Fragments {
  const fragments = definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION);
  return new Map(fragments.map((fragment) => [fragment.name.value, fragment]));
}

/** Counts until it is too much, so that fragments within fragments cannot keep it busy. */
function createMeter(
  schema: GraphQLSchema,
  fragments: Fragments,
  variables: Variables,
): (set: SelectionSetNode, type: GraphQLObjectType) => number {
  let cost = 0;
  const add = (amount: number): void => {
    cost += amount;
    if (cost > MAX_COST)
      throw queryTooComplex(`The answer could hold more than ${MAX_COST.toLocaleString('en')} values`);
  };
  const measure = (set: SelectionSetNode, type: GraphQLObjectType, place: Place): void => {
    if (place.depth > MAX_DEPTH) throw queryTooComplex(`The answer could be more than ${MAX_DEPTH} levels deep`);
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) measureField(selection, type, place);
      // The schema has no interfaces or unions: a fragment is always of the type that it is in.
      else if (selection.kind === Kind.INLINE_FRAGMENT) measure(selection.selectionSet, type, place);
      else measure(fragments.get(selection.name.value)!.selectionSet, type, place);
    }
  };
  const measureField = (node: FieldNode, parent: GraphQLObjectType, { times, pageSize, depth }: Place): void => {
    const field = fieldOf(parent, node.name.value);
    // Of a valid document every field is known.
    if (field === undefined) return;
    if (parent.name === 'Mutation') add(MUTATION_COST);
    const ofSchema = introspectionOf(schema, parent, field);
    add(times * (ofSchema?.cost ?? 1 + readingCost(field)));
    const type = getNamedType(field.type);
    if (!isObjectType(type) || node.selectionSet === undefined) return;
    const length = ofSchema?.length ?? (isListType(getNullableType(field.type)) ? pageSize : 1);
    const below = { times: times * length, pageSize: pageSizeOf(field, node, variables), depth: depth + 1 };
    measure(node.selectionSet, type, below);
  };
  return (set, type) => {
    measure(set, type, { times: 1, pageSize: LIST_SIZE, depth: 1 });
    return cost;
  };
}

function readingCost({ args, type, resolve }: GraphQLField<unknown, unknown>): number {
  const namedType = getNamedType(type);
  const isCount = resolve !== undefined && !isObjectType(namedType);
  return TYPE_COSTS[namedType.name] ?? (takesPages(args) || isCount ? QUERY_COST : 0);
}

function pageSizeOf(field: GraphQLField<unknown, unknown>, node: FieldNode, variables: Variables): number {
  if (!takesPages(field.args)) return LIST_SIZE;
  const { first, last } = argumentsOf(field, node, variables);
  const size = Number(first ?? last ?? DEFAULT_LOG_LINES);
  return Math.max(1, size);
}

/** None where they do not fit: that is for execution to refuse, without a page. */
function argumentsOf(...of: Parameters<typeof getArgumentValues>): Record<string, unknown> {
  try {
    return getArgumentValues(...of);
  } catch {
    return {};
  }
}

function takesPages(args: GraphQLField<unknown, unknown>['args']): boolean {
  return args.some(({ name }) => name === 'first');
}
