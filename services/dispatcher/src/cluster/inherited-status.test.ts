import { expect, it } from 'vitest';
import { holdsInheritance } from './inherited-status.js';

const asked = { completedIndexes: '0,1,3', succeeded: 3 };
const held = { metadata: { uid: 'uid-1' }, spec: { suspend: true }, status: asked };

it.each([
  { what: 'holds what was set', job: held, expected: true },
  { what: 'is another one', job: { ...held, metadata: { uid: 'uid-2' } }, expected: false },
  { what: 'runs', job: { ...held, spec: { suspend: false } }, expected: false },
  { what: 'holds nothing', job: { ...held, status: {} }, expected: false },
  { what: 'has no status', job: { metadata: held.metadata, spec: held.spec }, expected: false },
  { what: 'holds other indexes', job: { ...held, status: { ...asked, completedIndexes: '0-2' } }, expected: false },
  { what: 'holds another count', job: { ...held, status: { ...asked, succeeded: 4 } }, expected: false },
])('a Kubernetes Job that $what: $expected', ({ job, expected }) => {
  expect(holdsInheritance(job, 'uid-1', asked)).toBe(expected);
});
