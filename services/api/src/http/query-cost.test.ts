import 'reflect-metadata';
import { getIntrospectionQuery, parse, validate } from 'graphql';
import { describe, expect, it, test } from 'vitest';
import { buildApiSchema } from '../schema.js';
import { checkCost } from './query-cost.js';

const schema = buildApiSchema();

function codeOf(check: () => void): unknown {
  try {
    check();
  } catch (error) {
    return (error as { extensions?: { code?: unknown } }).extensions?.code;
  }
  return 'fine';
}

const judge = (query: string, variableValues: Record<string, unknown> = {}) => {
  const document = parse(query);
  expect(validate(schema, document)).toEqual([]);
  return codeOf(() => checkCost({ schema, document, variableValues }));
};

const LINE =
  '{ edges { cursor node { podId index attempt number at text continued gapBefore { lines code message } } } }';
const many = (times: number, selection: string) =>
  Array.from({ length: times }, (_, i) => `a${i}: ${selection}`).join(' ');
/** Each of the fragments twice in the one before it. */
const doubled = (depth: number) =>
  Array.from(
    { length: depth },
    (_, i) => `fragment F${i} on Job { a: rerunOf { ...F${i + 1} } b: rerunOf { ...F${i + 1} } }`,
  ).join(' ');

describe('the cost of an operation', () => {
  test.each([
    [
      'a page of 100 jobs with a page of tasks each',
      '{ jobs(first: 100) { totalCount edges { node { id name tasks(first: 50) { edges { node { index status } } } } } } }',
    ],
    ['the longest page of a log, whole', `{ job(id: "x") { logs(first: 5000) ${LINE} } }`],
    [
      'the ends of a hundred logs',
      '{ job(id: "x") { pods(first: 100) { edges { node { logs(last: 100) { edges { node { text } } } } } } } }',
    ],
    [
      'pages of attempts within pages of tasks within pages of jobs, as long as they are by default',
      '{ jobs { edges { node { tasks { edges { node { attempts { id status exitCode } } } } } } } }',
    ],
    ['a job, many times by name', `{ ${many(1000, 'job(id: "x") { id }')} }`],
    ['what clients ask of the schema', getIntrospectionQuery({ inputValueDeprecation: true, specifiedByUrl: true })],
    ['the name of the type of each job', '{ jobs(first: 100) { edges { node { __typename } } } }'],
  ])('is fine for %s', (_, query) => {
    expect(judge(query)).toBe('fine');
  });

  test.each([
    [
      'all tasks of 100 jobs with their attempts',
      '{ jobs(first: 100) { edges { node { tasks(first: 100) { edges { node { attempts { id status exitCode } } } } } } } }',
    ],
    [
      'the logs of 50 pods, as long as pages are by default',
      '{ job(id: "x") { pods { edges { node { logs { edges { node { text } } } } } } } }',
    ],
    ['30 jobs that one another were made of', `{ job(id: "x") { ${'rerunOf { '.repeat(30)} id ${'}'.repeat(30)} } }`],
    ['all fields of the schema, many times', `{ __schema { types { ${many(40, 'fields { name type { name } }')} } } }`],
    [
      'a type, many times',
      `{ ${many(100, '__type(name: "Job") { fields { name description type { kind name } } }')} }`,
    ],
    ['2,000 counts', `{ ${many(2000, 'jobs(first: 0) { totalCount }')} }`],
    ['fragments that double', `{ job(id: "x") { ...F0 } } ${doubled(30)} fragment F30 on Job { id }`],
    [
      'fragments that double where a page is empty',
      `{ jobs(first: 0) { edges { node { ...F0 } } } } ${doubled(30)} fragment F30 on Job { id }`,
    ],
  ])('is too much for %s', (_, query) => {
    expect(judge(query)).toBe('QUERY_TOO_COMPLEX');
  });

  it('is what its answer may hold', () => {
    const document = parse('{ job(id: "x") { id pods(first: 2) { totalCount edges { node { id } } } } }');
    expect(checkCost({ schema, document })).toBe(1 + 1 + 101 + 101 + 1 + 2 * 2);
  });

  it('counts pages by their variables, and by their defaults where there is none', () => {
    const query = `query ($first: Int! = 100, $lines: Int) { job(id: "x") { pods(first: $first) {
      edges { node { logs(first: $lines) { edges { node { text } } } } } } } }`;
    expect(judge(query)).toBe('QUERY_TOO_COMPLEX');
    expect(judge(query, { first: 1 })).toBe('fine');
    expect(judge(query, { first: 10, lines: 1000 })).toBe('fine');
    expect(judge(query, { first: 10, lines: 5000 })).toBe('QUERY_TOO_COMPLEX');
  });
});
