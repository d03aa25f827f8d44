import { SecretText } from '@ccluster/domain';
import { describe, expect, it } from 'vitest';

import { createSealer } from './sealer.js';

const sealer = createSealer(Buffer.alloc(32, 1));
const secret = new SecretText('päss\u0000word');

describe('a sealer', () => {
  it('opens what it sealed, and seals the same text differently each time', () => {
    const sealed = sealer.seal(secret, 'job_secrets:job_1');
    expect(sealer.open(sealed, 'job_secrets:job_1').reveal()).toBe('päss\u0000word');
    expect(sealer.seal(secret, 'job_secrets:job_1').equals(sealed)).toBe(false);
    expect(sealed.includes(Buffer.from('word'))).toBe(false);
  });

  it('opens nothing in another context, so that no row can take the ciphertext of another', () => {
    const sealed = sealer.seal(secret, 'job_secrets:job_1');
    expect(() => sealer.open(sealed, 'job_secrets:job_2')).toThrow();
  });

  it('opens nothing of which a single bit was changed', () => {
    const sealed = sealer.seal(secret, 'x');
    for (let at = 0; at < sealed.length; at += 1) {
      const damaged = Buffer.from(sealed);
      damaged[at] = (damaged[at] ?? 0) ^ 1;
      expect(() => sealer.open(damaged, 'x')).toThrow();
    }
  });

  it('says so when another key was used', () => {
    const other = createSealer(Buffer.alloc(32, 2));
    expect(() => other.open(sealer.seal(secret, 'x'), 'x')).toThrow('x was sealed with another encryption key');
  });

  it('hashes equally under one key and differently under another', () => {
    expect(sealer.keyedHash('a')).toEqual(createSealer(Buffer.alloc(32, 1)).keyedHash('a'));
    expect(sealer.keyedHash('a')).not.toEqual(createSealer(Buffer.alloc(32, 2)).keyedHash('a'));
  });

  it('refuses a key that is not 32 bytes long', () => {
    expect(() => createSealer(Buffer.alloc(16))).toThrow('32 bytes, not 16');
  });
});
