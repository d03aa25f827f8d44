import type { Scenario } from './scenario.js';
import { crashPoints } from './scenarios/crash-points/crash-points.js';

/** In the order in which they run. */
export const scenarios: readonly Scenario[] = [crashPoints];
