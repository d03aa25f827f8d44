import { buildSchema, GraphQLError, Kind, parse, validate } from 'graphql';
import { getVariableValues } from 'graphql/execution/values.js';
import { describe, expect, test } from 'vitest';
import { withoutValues } from './without-values.js';

const schema = buildSchema(`
  type Query { f(input: Input, list: [Int!]): Int }
  input Input { password: String!  count: Int  nested: [Input!] }`);
const operation = 'query ($input: Input, $list: [Int!]) { f(input: $input, list: $list) }';

function errorsOfVariables(variables: Record<string, unknown>): readonly GraphQLError[] {
  const [definition] = parse(operation).definitions;
  if (definition?.kind !== Kind.OPERATION_DEFINITION) throw new Error('not an operation');
  return getVariableValues(schema, definition.variableDefinitions ?? [], variables).errors ?? [];
}

describe('withoutValues', () => {
  test.each([
    [
      { input: { password: 12_345 } },
      'Variable "$input" got invalid value at "input.password"; String cannot represent a non string value',
    ],
    [
      { input: { password: 'x', nested: [{ password: ['12345; "at \\"input\\""'] }] } },
      'Variable "$input" got invalid value at "input.nested[0].password"; String cannot represent a non string value',
    ],
    [
      { input: { password: 'x', count: '12345' } },
      'Variable "$input" got invalid value at "input.count"; Int cannot represent non-integer value',
    ],
    [
      { input: '12345 at "input"; 12345' },
      'Variable "$input" got invalid value; Expected type "Input" to be an object.',
    ],
    [
      { input: { count: 12_345 } },
      'Variable "$input" got invalid value; Field "password" of required type "String!" was not provided.',
    ],
  ])('leaves them out of what is wrong with the variables %j', (variables, message) => {
    expect(errorsOfVariables(variables).map(withoutValues)).toEqual([message]);
  });

  test.each([
    ['{ f(input: { password: 12345 }) }', 'String cannot represent a non string value'],
    ['{ f(input: "12345") }', 'Expected value of type "Input"'],
    ['{ f(input: { password: "x", nested: [["12345"]] }) }', 'Expected value of type "Input"'],
    ['{ f(list: ["12345"]) }', 'Int cannot represent non-integer value'],
    ['{ f(inptu: {}) }', 'Unknown argument "inptu" on field "Query.f". Did you mean "input"?'],
  ])('leaves them out of what is wrong with %s', (document, message) => {
    expect(validate(schema, parse(document)).map(withoutValues)).toEqual([message]);
  });

  test.each([
    ['{ f(input: "12345" "67890") }', 'Syntax Error: Expected Name, found String.'],
    ['{ f(list: 12345 67890) }', 'Syntax Error: Expected Name, found Int.'],
  ])('leaves them out of the syntax error of %s', (document, message) => {
    expect(withoutValues(syntaxError(document))).toBe(message);
  });
});

function syntaxError(document: string): GraphQLError {
  try {
    parse(document);
  } catch (error) {
    if (error instanceof GraphQLError) return error;
  }
  throw new Error('no syntax error');
}
