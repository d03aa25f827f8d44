import type { Scenario } from './scenario.js';
import { cancels } from './scenarios/cancels.js';
import { crashPoints } from './scenarios/crash-points/crash-points.js';
import { forgottenPast } from './scenarios/forgotten-past.js';
import { load } from './scenarios/load.js';
import { logStorm } from './scenarios/log-storm.js';
import { partition } from './scenarios/partition.js';

/** In the order in which they run. */
export const scenarios: readonly Scenario[] = [load, crashPoints, cancels, logStorm, partition, forgottenPast];
