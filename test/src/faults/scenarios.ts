import type { Scenario } from './scenario.js';

/** In the order in which they run. */
export const scenarios: readonly Scenario[] = [];
