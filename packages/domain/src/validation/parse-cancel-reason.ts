import { z } from 'zod';
import { shortText, withDefault } from './fields.js';
import { parseInput } from './parse-input.js';

const cancelJobArguments = z.object({ reason: withDefault(shortText(1000), null) });

/** Why a caller cancels a job; null where nothing is said, not even in an empty text. Throws `InputRefused`. */
export function parseCancelReason(unsafeReason: string | null): string | null {
  return parseInput(cancelJobArguments, { reason: unsafeReason === '' ? null : unsafeReason }).reason;
}
