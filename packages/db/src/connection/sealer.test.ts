import { SecretText } from '@ccluster/domain';
import { describe, expect, it } from 'vitest';
import { encryptionKeyId, encryptionKeysVariable } from './encryption-keys.js';
import { findKeyId, HEADER_BYTES, isSameSealing } from './sealer-envelope.js';
import { CannotOpen, createSealer } from './sealer.js';

const [first, second, third] = [1, 2, 3].map((byte) => Buffer.alloc(32, byte)) as [Buffer, Buffer, Buffer];
const sealer = createSealer([first]);
const secret = new SecretText('päss\u0000word');
const headerOf = (sealed: Buffer) => sealed.subarray(0, HEADER_BYTES);
const bodyOf = (sealed: Buffer) => sealed.subarray(HEADER_BYTES);

describe('a sealer', () => {
  it('opens what it sealed, and seals the same text differently each time', () => {
    const sealed = sealer.seal(secret, 'job_secrets:job_1');
    expect(sealer.open(sealed, 'job_secrets:job_1').reveal()).toBe('päss\u0000word');
    const again = sealer.seal(secret, 'job_secrets:job_1');
    expect([headerOf(again).equals(headerOf(sealed)), isSameSealing(again, sealed)]).toEqual([false, false]);
    expect(sealed.includes(Buffer.from('word'))).toBe(false);
  });

  it('opens nothing in another context, so that no row can take the ciphertext of another', () => {
    const sealed = sealer.seal(secret, 'job_secrets:job_1');
    for (const context of ['job_secrets:job_2', 'job_secrets:job_', 'clusters:job_1:reader', ''])
      expect(() => sealer.open(sealed, context)).toThrow(CannotOpen);
  });

  it.each(['', 'x', 'päss\u0000word', 'x'.repeat(300)])(
    'opens nothing of which a single bit was changed: %j',
    (text) => {
      const sealed = sealer.seal(new SecretText(text), 'x');
      for (let bit = 0; bit < sealed.length * 8; bit += 1) {
        const damaged = Buffer.from(sealed);
        damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(() => sealer.open(damaged, 'x')).toThrow(CannotOpen);
      }
    },
  );

  it('opens nothing that was cut or added to, nor what was put together of two', () => {
    const [sealed, other] = [sealer.seal(secret, 'x'), sealer.seal(secret, 'x')];
    for (let length = 0; length < sealed.length; length += 1)
      expect(() => sealer.open(sealed.subarray(0, length), 'x')).toThrow(CannotOpen);
    expect(() => sealer.open(Buffer.concat([sealed, Buffer.alloc(1)]), 'x')).toThrow(CannotOpen);
    const mixed = Buffer.concat([headerOf(sealed), bodyOf(other)]);
    expect(() => sealer.open(mixed, 'x')).toThrow(CannotOpen);
  });

  it.each([
    ['the first', [first]],
    ['the first, and others behind it', [first, second, third]],
    ['the first behind another', [second, first]],
  ] as const)('opens what the first key sealed with %s', (_, [head, ...rest]) => {
    const sealed = sealer.seal(secret, 'x');
    expect(
      createSealer([head, ...rest])
        .open(sealed, 'x')
        .reveal(),
    ).toBe(secret.reveal());
  });

  it('seals with its first key', () => {
    const rotating = createSealer([second, first]);
    const sealed = rotating.seal(secret, 'x');
    expect([rotating.keyId, findKeyId(sealed)]).toEqual([encryptionKeyId(second), encryptionKeyId(second)]);
    expect(rotating.keyIds).toEqual([encryptionKeyId(second), encryptionKeyId(first)]);
    expect(createSealer([second]).open(sealed, 'x').reveal()).toBe(secret.reveal());
    expect(() => sealer.open(sealed, 'x')).toThrow(CannotOpen);
  });

  it('names the key that it lacks, where to put it and those that it has, and no key itself', () => {
    const sealed = sealer.seal(secret, 'clusters:cl_1:reader');
    const open = () => createSealer([second, third]).open(sealed, 'clusters:cl_1:reader');
    const ids = [second, third].map(encryptionKeyId).join(', ');
    expect(open).toThrow(
      `clusters:cl_1:reader is sealed with the encryption key ${encryptionKeyId(first)}, which is not here: ` +
        `add it to CCLUSTER_ENCRYPTION_KEY (has ${ids})`,
    );
    for (const key of [first, second, third]) {
      expect(open).not.toThrow(key.toString('base64').slice(0, 8));
      expect(open).not.toThrow(key.toString('hex').slice(0, 8));
    }
  });

  it('puts the data key under its first key, and leaves what follows as it is', () => {
    const sealed = sealer.seal(secret, 'x');
    const header = createSealer([second, first]).rewrap(headerOf(sealed), 'x');
    const rewrapped = Buffer.concat([header, bodyOf(sealed)]);
    expect([header.length, findKeyId(rewrapped)]).toEqual([HEADER_BYTES, encryptionKeyId(second)]);
    expect(isSameSealing(rewrapped, sealed)).toBe(true);
    expect(createSealer([second]).open(rewrapped, 'x').reveal()).toBe(secret.reveal());
    expect(() => sealer.open(rewrapped, 'x')).toThrow(CannotOpen);
  });

  it('puts nothing under another key that it could not open', () => {
    const sealed = sealer.seal(secret, 'x');
    const rotating = createSealer([second, first]);
    expect(() => createSealer([second, third]).rewrap(headerOf(sealed), 'x')).toThrow(CannotOpen);
    expect(() => rotating.rewrap(headerOf(sealed), 'y')).toThrow(CannotOpen);
    for (let at = 0; at < HEADER_BYTES; at += 1) {
      const damaged = Buffer.from(headerOf(sealed));
      damaged[at] = (damaged[at] ?? 0) ^ 1;
      expect(() => rotating.rewrap(damaged, 'x')).toThrow(CannotOpen);
    }
  });
});

describe('CCLUSTER_ENCRYPTION_KEY', () => {
  const [one, two] = [first.toString('base64'), second.toString('base64')];

  it.each([
    ['one key', one, [first]],
    ['commas', `${one},${two}`, [first, second]],
    ['commas and blanks', ` ${one}, ${two} `, [first, second]],
    ['a key a line', `${two}\n${one}\r\n`, [second, first]],
  ])('takes %s', (_, text, keys) => {
    expect(encryptionKeysVariable.parse(text)).toEqual(keys);
  });

  it.each([
    ['nothing', ' , '],
    ['a key that is too short', Buffer.alloc(31).toString('base64')],
    ['a key that is too long', Buffer.alloc(33).toString('base64')],
    ['what is not base64', `${one.slice(0, -2)}!=`],
    ['one bad key among good ones', `${one},canary,${two}`],
  ])('refuses %s, and repeats nothing of it', (_, text) => {
    const { error } = encryptionKeysVariable.safeParse(text);
    expect(error?.issues.map(({ message }) => message)).toEqual([
      'must be keys of 32 bytes in base64, one or several apart by commas or line breaks: the first seals',
    ]);
    expect(String(error)).not.toMatch(/canary|AQEB/);
  });
});
