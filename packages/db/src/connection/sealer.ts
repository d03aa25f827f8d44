import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { SecretText } from '@ccluster/domain';

const VERSION = 1;
const KEY_ID_BYTES = 8;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEADER_BYTES = 1 + KEY_ID_BYTES;

/** Encrypts what is stored (AES-256-GCM), and hashes what is only compared (HMAC-SHA-256). */
export interface Sealer {
  /**
   * @param context where the ciphertext belongs, such as `job_secrets:<id>`; it opens nowhere else
   * @returns version (1 byte), key id (8), nonce (12), tag (16), ciphertext
   */
  seal(plain: SecretText, context: string): Buffer;
  /** Throws where the key, the context or a single bit differs. */
  open(sealed: Buffer, context: string): SecretText;
  keyedHash(text: string): Buffer;
}

/** @param key 32 bytes */
export function createSealer(key: Buffer): Sealer {
  if (key.length !== 32) throw new Error(`The encryption key must have 32 bytes, not ${key.length}`);
  const keyId = createHash('sha256').update(key).digest().subarray(0, KEY_ID_BYTES);
  const hashKey = Buffer.from(hkdfSync('sha256', key, '', 'ccluster keyed hash', 32));
  return {
    seal: (plain, context) => {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context));
      const body = Buffer.concat([cipher.update(plain.reveal(), 'utf8'), cipher.final()]);
      return Buffer.concat([Buffer.from([VERSION]), keyId, nonce, cipher.getAuthTag(), body]);
    },
    open: (sealed, context) => {
      if (sealed[0] !== VERSION || !sealed.subarray(1, HEADER_BYTES).equals(keyId)) {
        throw new Error(`${context} was sealed with another encryption key`);
      }
      const [nonce, tag, body] = parts(sealed.subarray(HEADER_BYTES));
      const decipher = createDecipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context)).setAuthTag(tag);
      return new SecretText(Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8'));
    },
    keyedHash: (text) => createHmac('sha256', hashKey).update(text).digest(),
  };
}

function parts(rest: Buffer): [nonce: Buffer, tag: Buffer, body: Buffer] {
  const bodyAt = NONCE_BYTES + TAG_BYTES;
  return [rest.subarray(0, NONCE_BYTES), rest.subarray(NONCE_BYTES, bodyAt), rest.subarray(bodyAt)];
}
