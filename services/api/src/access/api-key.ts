import { createHash } from 'node:crypto';

const FORM = /^cck_[A-Za-z0-9_-]{43}$/;

/** @param random fills 32 bytes */
export function newApiKey(random: (bytes: Uint8Array) => Uint8Array): string {
  return `cck_${Buffer.from(random(new Uint8Array(32))).toString('base64url')}`;
}

export function isApiKey(token: string): boolean {
  return FORM.test(token);
}

/** What is stored of a key, and what it is found by. 256 random bits need no slow hash. */
export function hashApiKey(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
