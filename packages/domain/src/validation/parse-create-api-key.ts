import { z } from 'zod';
import { ROLES, type Role } from '../roles.js';
import { shortText, storableText, withDefault } from './fields.js';
import { parseInput } from './parse-input.js';

/** A `CreateApiKeyInput`. */
export interface NewApiKeyRequest {
  readonly name: string;
  readonly role: Role;
  /** null: never. */
  readonly expiresAt: Date | null;
  /** null: the caller's own. */
  readonly organizationId: string | null;
}

/** @throws InputRefused with all that is wrong with it, such as an end that has passed */
export function parseCreateApiKey(unsafeInput: unknown, nowMs: number): NewApiKeyRequest {
  return parseInput(inputAt(nowMs), unsafeInput);
}

function inputAt(nowMs: number) {
  return z.object({
    name: shortText(100),
    role: z.enum(ROLES, `must be one of ${ROLES.join(', ')}`),
    expiresAt: withDefault(
      z.date().refine((date) => date.getTime() > nowMs, 'must be in the future'),
      null,
    ),
    organizationId: withDefault(storableText, null),
  });
}
