import { z } from 'zod';
import { inKiB, listOf, patternText, textOfBytes, uniqueBy, withDefault } from './fields.js';
import { countBytes } from './text.js';

const MAX_VARIABLES = 1000;
const MAX_VALUE_BYTES = 32 * 1024;
const MAX_TOTAL_BYTES = 256 * 1024;
/** Values travel in a Kubernetes Secret, whose keys end here. */
const MAX_NAME_CHARACTERS = 253;

/** What Kubernetes and the platform put into every container themselves. */
const RESERVED_NAMES: ReadonlySet<string> = new Set(['JOB_COMPLETION_INDEX', 'JOB_COMPLETIONS']);

const variable = z.object({
  name: patternText(
    /^[A-Za-z_][A-Za-z0-9_]*$/,
    MAX_NAME_CHARACTERS,
    `must have 1 to ${MAX_NAME_CHARACTERS} letters, digits and underscores and not begin with a digit`,
  )
    .refine((name) => !RESERVED_NAMES.has(name), {
      error: 'is reserved by the platform',
      params: { code: 'RESERVED_NAME' },
    })
    // On its way to the Secret it would set a prototype, and be lost without a word.
    .refine((name) => name !== '__proto__', 'must not be __proto__'),
  value: textOfBytes(MAX_VALUE_BYTES),
  secret: withDefault(z.boolean(), true),
});

export const environmentField = withDefault(
  listOf(variable, MAX_VARIABLES)
    .superRefine(uniqueBy('name'))
    .refine(
      (variables) => variables.reduce((bytes, { value }) => bytes + countBytes(value), 0) <= MAX_TOTAL_BYTES,
      `must have values of at most ${inKiB(MAX_TOTAL_BYTES)} together`,
    ),
  [],
);
