import { z } from 'zod';
import type { RequestedPlacement } from '../job-spec.js';
import { integer, listOf, shortText, withDefault } from './fields.js';
import { parseInput } from './parse-input.js';

const MAX_ENTRIES = 100;
const MAX_CHARACTERS = 100;

const ANYWHERE: RequestedPlacement = {
  clusterId: null,
  instanceTypeId: null,
  regions: null,
  gpuTypes: null,
  minGpuCount: null,
  maxPricePerHourCents: null,
};

/** No choice is any: an empty list is what a form sends where nothing is ticked. */
const choices = listOf(shortText(MAX_CHARACTERS), MAX_ENTRIES)
  .nullish()
  .transform((entries) => (!entries || entries.length === 0 ? null : [...new Set(entries)]));

export const requestedPlacement = z.object({
  clusterId: withDefault(shortText(MAX_CHARACTERS), null),
  instanceTypeId: withDefault(shortText(MAX_CHARACTERS), null),
  regions: choices,
  gpuTypes: choices,
  minGpuCount: withDefault(integer(0), null),
  maxPricePerHourCents: withDefault(integer(0), null),
});

export const requestedPlacementField = withDefault(requestedPlacement, ANYWHERE);

/**
 * A `PlacementInput`; `null` is any placement.
 * @throws InputRefused with paths from the placement itself
 */
export function parseRequestedPlacement(unsafeInput: unknown): RequestedPlacement {
  return parseInput(requestedPlacementField, unsafeInput);
}
