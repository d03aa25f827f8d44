import { expect, it } from 'vitest';
import { KnownDocuments } from './known-documents.js';

it('a document is known once it was valid, unless it is long', () => {
  const known = new KnownDocuments();
  const [valid, wrong] = [Symbol('valid'), Symbol('wrong')];
  known.look(valid, '{ valid }', 3);
  known.look(wrong, '{ wrong }', 3);
  expect(known.wordsOf('{ valid }')).toBeUndefined();
  known.confirm(valid);
  expect([known.wordsOf('{ valid }'), known.wordsOf('{ wrong }')]).toEqual([3, undefined]);
  const long = `{ ${'x'.repeat(20_000)} }`;
  known.look(wrong, long, 3);
  known.confirm(Symbol('other'));
  expect(known.wordsOf(long)).toBeUndefined();
});

it('so many are known and no more', () => {
  const known = new KnownDocuments();
  for (let i = 0; i <= 500; i += 1) {
    const request = Symbol('request');
    known.look(request, `{ f${i} }`, 3);
    known.confirm(request);
  }
  expect([known.wordsOf('{ f0 }'), known.wordsOf('{ f500 }')]).toEqual([undefined, 3]);
});
