import { createHash } from 'node:crypto';
import { z } from 'zod';

/** 32 bytes each: the first seals, all open. */
export type EncryptionKeys = readonly [Buffer, ...Buffer[]];

const KEY_BYTES = 32;

/** CCLUSTER_ENCRYPTION_KEY: one key or several, in base64, apart by commas, blanks or line breaks. */
export const encryptionKeysVariable = z.string('is required').transform((text, context): EncryptionKeys => {
  const words = text.split(/[\s,]+/).filter((word) => word !== '');
  const keys = words.map((word) => Buffer.from(z.base64().safeParse(word).data ?? '', 'base64'));
  const [first, ...others] = keys;
  if (first !== undefined && keys.every((key) => key.length === KEY_BYTES)) return [first, ...others];
  const message = 'must be keys of 32 bytes in base64, one or several apart by commas or line breaks: the first seals';
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
});

/** 16 hexadecimal digits that tell one key from another, and nothing of its bytes. */
export function encryptionKeyId(key: Buffer): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 16);
}
