import { z } from 'zod';
import { storableText, withDefault } from './fields.js';
import { parseInput } from './parse-input.js';

const text = withDefault(storableText, undefined);

const auditFilterTexts = z.object({
  organizationId: text,
  principalId: text,
  operation: text,
  targetId: text,
  outcome: text,
});

/** The texts of an `AuditLogFilter`, each looked for as it is; absent and `null` are any. Throws `InputRefused`. */
export function parseAuditFilterTexts(unsafeFilter: unknown): z.output<typeof auditFilterTexts> {
  return parseInput(auditFilterTexts, unsafeFilter);
}
