import { z } from 'zod';
import type { RequestedPlacement } from '../job-spec.js';
import { kebabName, shortText, withDefault } from './fields.js';
import { parseInput } from './parse-input.js';
import { requestedPlacement } from './parse-requested-placement.js';

export interface ParsedRerunJob {
  /** The caller's idempotency key. */
  readonly requestId: string | null;
  /** Of the new job. */
  readonly name: string;
  /** Tasks that succeeded are not run again. */
  readonly onlyFailed: boolean;
  /** null: as was asked for of the job that is run again. */
  readonly placement: RequestedPlacement | null;
}

const rerunJobInput = z.object({
  requestId: withDefault(shortText(128), null),
  name: kebabName(20),
  onlyFailed: withDefault(z.boolean(), false),
  placement: withDefault(requestedPlacement, null),
});

/**
 * A `RerunJobInput` with its defaults filled in.
 * @throws InputRefused with all that is wrong with it
 */
export function parseRerunJob(unsafeInput: unknown): ParsedRerunJob {
  return parseInput(rerunJobInput, unsafeInput);
}
