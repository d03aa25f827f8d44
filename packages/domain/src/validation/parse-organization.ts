import { z } from 'zod';
import { integer, shortText, withDefault } from './fields.js';
import { parseInput } from './parse-input.js';

/** A `CreateOrganizationInput`. */
export interface NewOrganization {
  readonly name: string;
  /** GPUs its jobs may hold at once; null: no limit. */
  readonly maxGpus: number | null;
}

/** What looks like nothing, or like another name, would be one of its own all the same. */
const PLAIN = /^(?=\S)[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*(?<=\S)$/u;

const maxGpus = withDefault(integer(0), null);

const createOrganizationInput = z.object({
  name: shortText(100).refine(
    (name) => name === '' || PLAIN.test(name),
    'must begin and end with a visible character, and have no control characters',
  ),
  maxGpus,
});

const updateOrganizationInput = z.object({ maxGpus: maxGpus.optional() });

/** @throws InputRefused with all that is wrong with it */
export function parseCreateOrganization(unsafeInput: unknown): NewOrganization {
  return parseInput(createOrganizationInput, unsafeInput);
}

/**
 * The GPUs that an organization may hold from now on; null: no limit; undefined: as many as before.
 * @throws InputRefused with all that is wrong with it
 */
export function parseUpdateOrganization(unsafeInput: unknown): { readonly maxGpus: number | null | undefined } {
  return { maxGpus: parseInput(updateOrganizationInput, unsafeInput).maxGpus };
}
