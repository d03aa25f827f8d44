const times = (count: number, part: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => part(i)).join(' ');
const chain = (length: number, levels: number) =>
  `{ ...F0 } ${times(length, (i) => `fragment F${i} on Job { ${'rerunOf { '.repeat(levels)} ...F${i + 1} ${'} '.repeat(levels)} }`)}`;

/** Some are refused by the first look, some only by validation, and some are as expensive as is allowed. */
export const hostileDocuments: Readonly<Record<string, string>> = {
  deep: `${'{ a '.repeat(5_000)}${'}'.repeat(5_000)}`,
  'deep, as far as is allowed': `{ job(id: "x") { ${'rerunOf { '.repeat(40)} id ${'} '.repeat(40)} } }`,
  wide: `{ ${times(14_000, (i) => `f${i}`)} }`,
  aliases: `{ ${times(5_000, (i) => `a${i}: job(id: "x") { id }`)} }`,
  'aliases, as many as are allowed': `{ ${times(100, (i) => `a${i}: job(id: "x") { id name status }`)} }`,
  'the same field': `{ ${'viewer { role } '.repeat(4_000)} }`,
  'the same fields, as many as are allowed': `{ ${`viewer { ${times(60, (i) => `r${i}`)} } `.repeat(50)} }`,
  directives: `{ viewer { role ${'@include(if: true) '.repeat(3_000)} } }`,
  'fragments in fragments': chain(100, 2),
  'fragments that are no circle': `{ ${times(100, (i) => `...F${i}`)} } ${times(100, (i) => `fragment F${i} on Query { viewer { role } }`)}`,
  cost: '{ jobs(first: 100) { edges { node { tasks(first: 100) { edges { node { attempts { id status } } } } } } } }',
  introspection: `{ ${times(9, (i) => `a${i}: __schema { types { name fields { name args { name type { name } } type { name } } } }`)} }`,
  'no document': `{ ${'"'.repeat(200_000)}`,
};
