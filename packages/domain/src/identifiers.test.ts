import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createdAtMs, idSuffix, newId } from './identifiers.js';

const zeros = (bytes: Uint8Array) => bytes.fill(0);
const random = (bytes: Uint8Array) => crypto.getRandomValues(bytes as Uint8Array<ArrayBuffer>);
const instants = fc.integer({ min: 0, max: 2 ** 48 - 1 });

describe('newId', () => {
  it('is a ULID in lower case behind its prefix', () => {
    expect(newId('job', 0, zeros)).toBe('job_00000000000000000000000000');
    expect(newId('pod', 1_469_918_176_385, zeros)).toBe('pod_01aryz6s410000000000000000');
    expect(newId('cl', 2 ** 48 - 1, (bytes) => bytes.fill(255))).toBe('cl_7zzzzzzzzzzzzzzzzzzzzzzzzz');
  });

  it('says when it was made', () => {
    fc.assert(
      fc.property(instants, (nowMs) => {
        expect(createdAtMs(newId('job', nowMs, random))).toBe(nowMs);
      }),
    );
  });

  it('fits a DNS label after its prefix', () => {
    fc.assert(
      fc.property(instants, (nowMs) => {
        expect(idSuffix(newId('job', nowMs, random))).toMatch(/^[0-7][0-9a-hjkmnp-tv-z]{25}$/);
      }),
    );
  });

  it('sorts by age', () => {
    fc.assert(
      fc.property(instants, instants, (left, right) => {
        const [older, newer] = [Math.min(left, right), Math.max(left, right)];
        expect(newId('job', older, zeros) <= newId('job', newer, zeros)).toBe(true);
        expect(left === right || newId('job', older, random) < newId('job', newer, random)).toBe(true);
      }),
    );
  });

  it('does not come again', () => {
    const ids = Array.from({ length: 10_000 }, () => newId('job', 1, random));
    expect(new Set(ids).size).toBe(10_000);
  });
});
