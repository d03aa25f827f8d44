import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** 1 is what was sealed before there were data keys; nothing reads it any more. */
const ENVELOPE_VERSION = 2;
const KEY_ID_BYTES = 8;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const DATA_KEY_BYTES = 32;

/** Version and key id: what a header is wrapped under. */
export const PREFIX_BYTES = 1 + KEY_ID_BYTES;
/** Prefix, and the data key encrypted with that key. A new key changes these bytes only. */
export const HEADER_BYTES = PREFIX_BYTES + NONCE_BYTES + TAG_BYTES + DATA_KEY_BYTES;

/** @param keyId 16 hexadecimal digits */
export function envelopePrefix(keyId: string): Buffer {
  return Buffer.concat([Buffer.from([ENVELOPE_VERSION]), Buffer.from(keyId, 'hex')]);
}

/** The id of the key that the data key is encrypted with; undefined where this is no envelope. */
export function findKeyId(sealed: Buffer): string | undefined {
  if (sealed[0] !== ENVELOPE_VERSION || sealed.length < HEADER_BYTES) return undefined;
  return sealed.subarray(1, PREFIX_BYTES).toString('hex');
}

/** Whether two are of one sealing, under whatever keys: a new key changes the header, a new secret all that follows. */
export function isSameSealing(one: Buffer, other: Buffer): boolean {
  return one.subarray(HEADER_BYTES).equals(other.subarray(HEADER_BYTES));
}

/** @returns nonce (12 bytes), tag (16), ciphertext */
export function encrypt(key: Buffer, plain: Buffer, boundTo: Buffer): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES }).setAAD(boundTo);
  const body = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]);
}

/** Throws where the key, `boundTo` or a single bit differs. */
export function decrypt(key: Buffer, encrypted: Buffer, boundTo: Buffer): Buffer {
  const bodyAt = NONCE_BYTES + TAG_BYTES;
  const nonce = encrypted.subarray(0, NONCE_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
    .setAAD(boundTo)
    .setAuthTag(encrypted.subarray(NONCE_BYTES, bodyAt));
  return Buffer.concat([decipher.update(encrypted.subarray(bodyAt)), decipher.final()]);
}

export function newDataKey(): Buffer {
  return randomBytes(DATA_KEY_BYTES);
}
