import 'reflect-metadata';
import { buildSchema, parse, validate } from 'graphql';
import { describe, expect, it, test } from 'vitest';
import { checkDocument } from './document-limits.js';

function codeOf(document: string): unknown {
  try {
    checkDocument(document);
  } catch (error) {
    return (error as { extensions?: { code?: unknown } }).extensions?.code;
  }
  return 'fine';
}

const times = (count: number, part: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => part(i)).join(' ');
const chain = (length: number, levels: number) =>
  `{ ...F0 } ${times(length, (i) => `fragment F${i} on Q { ${'q { '.repeat(levels)} ...F${i + 1} ${'}'.repeat(levels)} }`)}`;

describe('the nesting of a document', () => {
  test.each([
    ['50 levels', `${'{ a '.repeat(50)}${'}'.repeat(50)}`, 'fine'],
    ['51 levels', `${'{ a '.repeat(51)}${'}'.repeat(51)}`, 'QUERY_TOO_COMPLEX'],
    ['a list in a list and so on', `{ a(b: ${'['.repeat(7000)}`, 'QUERY_TOO_COMPLEX'],
    ['many brackets in a text', `{ a(b: "${'{'.repeat(100)}", c: """${'(['.repeat(100)}""") }`, 'fine'],
    ['what is no document', `{ a(b: "`, 'fine'],
    ['fragments that are 299 deep together', chain(13, 22), 'fine'],
    ['fragments that are 301 deep together', chain(12, 24), 'QUERY_TOO_COMPLEX'],
  ])('of %s', (_, document, expected) => {
    expect(codeOf(document)).toBe(expected);
  });
});

describe('a document may have', () => {
  test.each<[string, (count: number) => string, number]>([
    ['aliases', (count) => `{ ${times(count, (i) => `a${i}: x`)} }`, 100],
    ['aliases with comments in them', (count) => `{ ${times(count, (i) => `a${i} #\n : #\n x`)} }`, 100],
    ['directives', (count) => `{ ${times(count, (i) => `f${i} @skip(if: $x)`)} }`, 100],
    ['directives of one field', (count) => `{ f ${'@a '.repeat(count)} }`, 4],
    ['directives of an operation', (count) => `query ${'@a(b: "x") '.repeat(count)} { f }`, 4],
    ['spreads', (count) => `{ ${'...F '.repeat(count)} }`, 50],
    ['inline fragments', (count) => `{ ${times(count, (i) => `... on Q { f${i} }`)} }`, 50],
    ['repeated fields', (count) => `{ f ${'f '.repeat(count)} }`, 25],
    ['repeated fields with arguments', (count) => `{ f(a: 1) ${'f(a: { f: 1 }) '.repeat(count)} }`, 25],
    [
      'repeated fields in inline fragments',
      (count) => `{ f ${`... on Q { ${'f '.repeat(5)} } `.repeat(count / 5)} }`,
      25,
    ],
    ['repeated fields below repeated ones', (count) => `{ f ${`f { a b ${'a '.repeat(4)} } `.repeat(count / 5)} }`, 25],
    ['words', (count) => `{ ${times(count - 2, (i) => `f${i}`)} }`, 10_000],
    ['characters', (count) => `{ f } #${'x'.repeat(count - 7)}`, 128 * 1024],
  ])('so many %s and no more', (_, document, most) => {
    expect(codeOf(document(most))).toBe('fine');
    expect(codeOf(document(most + 10))).toBe('QUERY_TOO_COMPLEX');
  });

  it('the same names in other places as often as it likes', () => {
    expect(codeOf(`{ ${times(100, (i) => `a${i}: job(id: "x") { id name }`)} }`)).toBe('fine');
    expect(
      codeOf(
        `query ($a: Int = 1, $b: [In] = [{ a: 1 }, { a: 2 }]) { ${times(500, (i) => `f${i}(a: 1, b: $b) { id }`)} }`,
      ),
    ).toBe('fine');
    expect(codeOf(times(90, (i) => `fragment F${i} on Job { id name }`))).toBe('fine');
  });
});

describe('a subscription has a field that no directive leaves out', () => {
  test.each([
    ['subscription { s @skip(if: true) { a } }', 'GRAPHQL_VALIDATION_FAILED'],
    [
      'query { q } subscription S($no: Boolean) { s(a: { b: 1 }) @include(if: $no) { a } }',
      'GRAPHQL_VALIDATION_FAILED',
    ],
    ['subscription { ... on Subscription @include(if: $no) { s { a } } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['subscription { ... { s @include(if: $no) { a } } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['subscription { ...F @skip(if: true) } fragment F on Subscription { s { a } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['subscription { ...F } fragment F on Subscription { s @skip(if: true) { a } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['subscription S @a { s { a @skip(if: true) ... @skip(if: true) { b } } }', 'fine'],
    ['subscription { s { a } } query { q @skip(if: true) }', 'fine'],
    ['subscription { s { ...F } } fragment F on Subscriptions { a @skip(if: true) }', 'fine'],
    ['query subscription { subscription @skip(if: true) }', 'fine'],
  ])('%s', (document, expected) => {
    expect(codeOf(document)).toBe(expected);
  });
});

it('says how many words a document has', () => {
  expect(checkDocument('{ job(id: "x") { id } } # not these')).toBe(11);
});

const MAX_VALIDATION_MS = 1_000;

describe('what is allowed is soon validated:', () => {
  const schema = buildSchema('type Query { q: Query, a(b: Int): Int }');
  const fields = (count: number, indent: string) => times(count, (i) => `${indent}${i}x: a`);
  test.each([
    ['the same field, many times', `{ ${'q { a } '.repeat(26)} }`],
    ['fields that stand twice, in each level', `{ q { ${'q { q { a a } q { a a } } '.repeat(6)} } }`],
    [
      'many fragments with many fields',
      `{ ${times(50, (i) => `...F${i}`)} } ${times(50, (i) => `fragment F${i} on Query { q { ${'a '.repeat(1)} } }`)}`,
    ],
    ['fragments in one another', chain(12, 22).replaceAll('on Q ', 'on Query ')],
    ['long fields beside one another', `{ ${`q { ${fields(1, 'y')} ${times(60, (i) => `q${i}`)} } `.repeat(25)} }`],
  ])('%s', (_, document) => {
    expect(codeOf(document)).toBe('fine');
    const startMs = performance.now();
    validate(schema, parse(document, { maxTokens: 10_000 }), undefined, { maxErrors: 5 });
    expect(performance.now() - startMs).toBeLessThan(MAX_VALIDATION_MS);
  });
});
