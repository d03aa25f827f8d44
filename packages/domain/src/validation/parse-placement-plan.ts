import { z } from 'zod';
import type { RequestedPlacement } from '../job-spec.js';
import { checkParallelism } from './create-job-limits.js';
import { integer, withDefault } from './fields.js';
import { parseInput } from './parse-input.js';
import { requestedPlacementField } from './parse-requested-placement.js';

const placementPlanInput = z.object({
  placement: requestedPlacementField,
  parallelism: withDefault(integer(1), 1),
});

export interface ParsedPlacementPlan {
  readonly placement: RequestedPlacement;
  readonly parallelism: number;
}

/**
 * A `PlacementPlanInput` with its defaults filled in, by the rules of `createJob`.
 * @throws InputRefused with all that is wrong with it
 */
export function parsePlacementPlan(unsafeInput: unknown, maxParallelism: number): ParsedPlacementPlan {
  return parseInput(placementPlanInput.superRefine(checkParallelism(maxParallelism)), unsafeInput);
}
