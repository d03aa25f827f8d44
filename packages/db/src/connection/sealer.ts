import { SecretText } from '@ccluster/domain';
import { encryptionKeyId, type EncryptionKeys } from './encryption-keys.js';
import {
  decrypt,
  encrypt,
  envelopePrefix,
  findKeyId,
  HEADER_BYTES,
  newDataKey,
  PREFIX_BYTES,
} from './sealer-envelope.js';

/**
 * Encrypts what is stored: each text with a random key of its own (AES-256-GCM), and that key with the installation's
 * first. Contexts are those of `sealContexts`; a ciphertext opens in no other.
 */
export interface Sealer {
  /** 16 hexadecimal digits: of the key that seals. */
  readonly keyId: string;
  /** Of all that open, the one that seals first. */
  readonly keyIds: readonly string[];
  /** @returns version (1 byte), key id (8), nonce, tag and encrypted data key (60), nonce (12), tag (16), ciphertext */
  seal(plain: SecretText, context: string): Buffer;
  /** Throws `CannotOpen` where the key is not known, or the context or a single bit differs. */
  open(sealed: Buffer, context: string): SecretText;
  /**
   * The same data key under the key that seals: what follows the header stays as it is.
   * @param header the first 69 bytes. Throws as `open` does
   */
  rewrap(header: Buffer, context: string): Buffer;
}

/** What is sealed cannot be read by this process. The message is for operators: ids of keys, never their bytes. */
export class CannotOpen extends Error {
  override readonly name = 'CannotOpen';
}

/** @param keys the first seals, all open */
export function createSealer(keys: EncryptionKeys): Sealer {
  const byId = new Map(keys.map((key) => [encryptionKeyId(key), key]));
  const keyId = encryptionKeyId(keys[0]);
  const prefix = envelopePrefix(keyId);
  const wrap = (dataKey: Buffer, context: string) =>
    Buffer.concat([prefix, encrypt(keys[0], dataKey, boundTo(context, prefix))]);
  const unwrap = (sealed: Buffer, context: string): Buffer => {
    const header = sealed.subarray(0, HEADER_BYTES);
    const key = getKey(byId, header, context);
    const bound = boundTo(context, header.subarray(0, PREFIX_BYTES));
    return openOrSay(context, () => decrypt(key, header.subarray(PREFIX_BYTES), bound));
  };
  return {
    keyId,
    keyIds: [...byId.keys()],
    seal: (plain, context) => {
      const dataKey = newDataKey();
      const body = encrypt(dataKey, Buffer.from(plain.reveal(), 'utf8'), boundTo(context));
      return Buffer.concat([wrap(dataKey, context), body]);
    },
    open: (sealed, context) => {
      const dataKey = unwrap(sealed, context);
      const body = sealed.subarray(HEADER_BYTES);
      return new SecretText(openOrSay(context, () => decrypt(dataKey, body, boundTo(context))).toString('utf8'));
    },
    rewrap: (header, context) => wrap(unwrap(header, context), context),
  };
}

/** The data key is bound to the id of what it is encrypted with, too: no header passes for one of another key. */
function boundTo(context: string, prefix: Buffer = Buffer.alloc(0)): Buffer {
  return Buffer.concat([prefix, Buffer.from(context)]);
}

function getKey(byId: ReadonlyMap<string, Buffer>, header: Buffer, context: string): Buffer {
  const id = findKeyId(header);
  if (id === undefined) throw new CannotOpen(`${context} is not sealed in a form that is read here`);
  const key = byId.get(id);
  if (key !== undefined) return key;
  const known = [...byId.keys()].join(', ');
  throw new CannotOpen(
    `${context} is sealed with the encryption key ${id}, which is not here: add it to CCLUSTER_ENCRYPTION_KEY (has ${known})`,
  );
}

function openOrSay(context: string, open: () => Buffer): Buffer {
  try {
    return open();
  } catch (cause) {
    throw new CannotOpen(`${context} cannot be opened: it was changed, or sealed for something else`, { cause });
  }
}
