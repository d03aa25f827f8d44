import {
  isEnumType,
  isInputObjectType,
  isObjectType,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';

/** Of each value that is read from the schema, at once: nothing else runs meanwhile. */
const VALUE_COST = 24;
/** As many times more fields than a type has on average. */
const LARGEST_TO_MEAN = 10;

const META_FIELDS: Readonly<Record<string, GraphQLField<unknown, unknown>>> = {
  __schema: SchemaMetaFieldDef,
  __type: TypeMetaFieldDef,
  __typename: TypeNameMetaFieldDef,
};

interface IntrospectedField {
  readonly cost: number;
  /** Of the list that it is, on average; 1 where it is none. */
  readonly length: number;
}

/** As execution finds it. */
export function fieldOf(parent: GraphQLObjectType, name: string): GraphQLField<unknown, unknown> | undefined {
  return META_FIELDS[name] ?? parent.getFields()[name];
}

/** What a field of introspection costs; undefined for all other fields. */
export function introspectionOf(
  schema: GraphQLSchema,
  { name: parent }: GraphQLObjectType,
  { name }: GraphQLField<unknown, unknown>,
): IntrospectedField | undefined {
  if (!parent.startsWith('__') && !name.startsWith('__')) return undefined;
  return { cost: VALUE_COST, length: lengthsOf(schema)[`${parent}.${name}`] ?? 1 };
}

type Lengths = Readonly<Record<string, number>>;

const known = new WeakMap<GraphQLSchema, Lengths>();

function lengthsOf(schema: GraphQLSchema): Lengths {
  const lengths = known.get(schema) ?? countLengths(schema);
  known.set(schema, lengths);
  return lengths;
}

function countLengths(schema: GraphQLSchema): Lengths {
  const types = Object.values(schema.getTypeMap());
  const fields = types.filter(isObjectType).flatMap((type) => Object.values(type.getFields()));
  const inputs = types.filter(isInputObjectType).flatMap((type) => Object.values(type.getFields()));
  const values = types.filter(isEnumType).flatMap((type) => type.getValues());
  return {
    '__Schema.types': types.length,
    '__Schema.directives': schema.getDirectives().length,
    '__Type.fields': fields.length / types.length,
    '__Type.inputFields': inputs.length / types.length,
    '__Type.enumValues': values.length / types.length,
    // Of a list, or of what is never null.
    '__Type.ofType': 1 / 2,
    '__Field.args': fields.flatMap(({ args }) => args).length / fields.length,
    // Asked for by its name it may be one of the largest.
    'Query.__type': LARGEST_TO_MEAN,
  };
}
