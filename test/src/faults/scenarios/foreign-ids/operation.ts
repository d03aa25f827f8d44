import {
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
  type GraphQLInputType,
  type GraphQLOutputType,
} from 'graphql';

import type { Field, Position } from './positions.js';

export interface Operation {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** What stands in an operation beside the value that is tried. */
export interface Filling {
  /** A value for a place that has to have one, by its name and the name of its field. */
  idFor(fieldName: string, name: string): string;
  /** Unique, in the form of a job's name. */
  newName(): string;
  /** How many times the api has refused what stood at a path: another value is given then. */
  readonly refusals: ReadonlyMap<string, number>;
  /** Paths of what could be left out and is not. */
  readonly included: ReadonlySet<string>;
}

const NUMBERS = [1, 0, 2, 1000];
const TEXTS = ['1', 'NoSchedule', 'a/b'];

/** The operation of a position with a value there, all that is required besides, and all that can be asked for. */
export function operationOf(position: Position, value: string, filling: Filling, depth: number): Operation {
  const variables: Record<string, unknown> = {};
  const declared: string[] = [];
  const calls = position.fields.map((field, at) => {
    const isLast = at === position.fields.length - 1;
    const given = field.args.filter((arg) => isRequiredArgument(arg) || (isLast && arg.name === position.path[0]));
    const args = given.map((arg) => {
      const name = `${arg.name}${at}`;
      declared.push(`$${name}: ${String(arg.type)}`);
      const attacked = isLast ? position.path : [];
      variables[name] = fill(arg.type, [arg.name], { field, attacked, value, filling });
      return `${arg.name}: $${name}`;
    });
    return `${field.name}${args.length === 0 ? '' : `(${args.join(', ')})`}`;
  });
  const selected = selectionOf(position.fields.at(-1)!.type, depth, new Set());
  const body = calls.reduceRight((inner, call) => `${call} ${inBraces(inner)}`, selected);
  const head = declared.length === 0 ? '' : `(${declared.join(', ')})`;
  return { query: `${position.kind} ${head} { ${body} }`, variables };
}

function inBraces(selected: string): string {
  return selected === '' || selected.startsWith('{') ? selected : `{ ${selected} }`;
}

interface Surroundings {
  readonly field: Field;
  readonly attacked: readonly string[];
  readonly value: string;
  readonly filling: Filling;
}

function fill(type: GraphQLInputType, path: readonly string[], around: Surroundings): unknown {
  if (isNonNullType(type)) return fill(type.ofType, path, around);
  if (isListType(type)) return [fill(type.ofType, path, around)];
  const key = path.join('.');
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields()).filter((each) => {
      const below = [...path, each.name];
      return (
        isRequiredInputField(each) || isOnWay(below, around.attacked) || around.filling.included.has(below.join('.'))
      );
    });
    return Object.fromEntries(fields.map((each) => [each.name, fill(each.type, [...path, each.name], around)]));
  }
  if (key === around.attacked.join('.')) return around.value;
  const refusals = around.filling.refusals.get(key) ?? 0;
  if (isEnumType(type)) return type.getValues()[refusals % type.getValues().length]?.name;
  switch (type.name) {
    case 'ID':
      return around.filling.idFor(around.field.name, path.at(-1) ?? '');
    case 'Boolean':
      return refusals % 2 === 1;
    case 'Int':
    case 'Float':
      return NUMBERS[refusals % NUMBERS.length];
    case 'DateTime':
      return '2030-01-01T00:00:00.000Z';
    default:
      return refusals === 0 ? around.filling.newName() : TEXTS[(refusals - 1) % TEXTS.length];
  }
}

function isOnWay(path: readonly string[], attacked: readonly string[]): boolean {
  return path.every((name, at) => attacked[at] === name);
}

/** Every field that can be asked for without arguments, as deep as that; a type within itself only by its leaves. */
function selectionOf(type: GraphQLOutputType, depth: number, above: ReadonlySet<string>): string {
  const named = getNamedType(type);
  if (!isObjectType(named)) return '';
  const below = new Set([...above, named.name]);
  const fields = Object.values(named.getFields()).flatMap((field) => {
    if (field.args.some(isRequiredArgument)) return [];
    const inner = getNamedType(field.type);
    if (!isObjectType(inner)) return [field.name];
    if (depth <= 1 || above.has(inner.name)) return [];
    return [`${field.name} ${selectionOf(field.type, depth - 1, below)}`];
  });
  return `{ __typename ${fields.join(' ')} }`;
}
