import {
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredInputField,
  type GraphQLInputType,
} from 'graphql';
import type { Choices } from './choices.js';

const STRINGS = [
  '',
  'x',
  'job_01hzz',
  'cl_1',
  '\0',
  '\ud800',
  `'"\\%_`,
  '🎉',
  'a'.repeat(300),
  '/bin/sh -c "x',
  '{"a":1}',
  '10Gi',
];
const INTS = [-2_147_483_648, -1, 0, 1, 2, 100, 101, 5_000, 2_147_483_647];
const SCALARS: Readonly<Record<string, readonly unknown[]>> = {
  ID: STRINGS,
  String: STRINGS,
  Int: INTS,
  Float: [...INTS, 0.5, -1e300],
  Boolean: [true, false],
  DateTime: ['2026-01-01T00:00:00Z', '9999-12-31T23:59:59.999Z', 'yesterday', ''],
};

/** An enum's value, which has no quotes as a literal. */
class EnumValue {
  constructor(readonly name: string) {}
}

/** A value of the type, at its edges more often than not, and at times one that it does not have. */
export function generateValue(type: GraphQLInputType, choices: Choices, depth = 0): unknown {
  if (isNonNullType(type)) return generateValue(type.ofType, choices, depth);
  if (choices.chance(3)) return choices.oneOf<unknown>([null, 1, 'x', [], {}]);
  if (isListType(type)) {
    return Array.from({ length: choices.below(4) }, () => generateValue(type.ofType, choices, depth + 1));
  }
  if (isEnumType(type)) return new EnumValue(choices.oneOf(type.getValues()).name);
  if (!isInputObjectType(type)) return choices.oneOf(SCALARS[type.name] ?? STRINGS);
  const fields = Object.values(type.getFields()).filter(
    (field) => isRequiredInputField(field) || choices.chance(depth < 3 ? 40 : 0),
  );
  return Object.fromEntries(fields.map((field) => [field.name, generateValue(field.type, choices, depth + 1)]));
}

/** As it stands in a document. */
export function literalOf(value: unknown): string {
  if (value instanceof EnumValue) return value.name;
  if (Array.isArray(value)) return `[${value.map(literalOf).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([name, part]) => `${name}: ${literalOf(part)}`)
    .join(', ')}}`;
}

/** As it stands among variables. */
export function jsonOf(value: unknown): unknown {
  if (value instanceof EnumValue) return value.name;
  if (Array.isArray(value)) return value.map(jsonOf);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, jsonOf(part)]));
}
