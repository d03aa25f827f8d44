import { z } from 'zod';
import type { JobSecrets } from '../job-spec.js';
import { SecretText } from '../secret-text.js';
import { textOfBytes, withDefault } from './fields.js';

const MAX_BYTES = 32 * 1024;

/** Both parts or neither: `null` where both are empty. */
export const imagePullSecretField = z
  .object({ username: withDefault(textOfBytes(MAX_BYTES), ''), password: withDefault(textOfBytes(MAX_BYTES), '') })
  .superRefine(({ username, password }, context) => {
    if ((username === '') === (password === '')) return;
    const [missing, given] = username === '' ? ['username', 'password'] : ['password', 'username'];
    context.addIssue({ code: 'custom', path: [missing], message: `is required where ${given} is given` });
  })
  .nullish()
  .transform((secret): JobSecrets['imagePull'] =>
    !secret || secret.username === '' ? null : { username: secret.username, password: new SecretText(secret.password) },
  );
