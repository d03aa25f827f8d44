import type { Scenario } from './scenario.js';
import { cancels } from './scenarios/cancels.js';
import { checkerProof } from './scenarios/checker-proof.js';
import { crashPoints } from './scenarios/crash-points/crash-points.js';
import { forgottenPast } from './scenarios/forgotten-past.js';
import { hostileKubeconfigs } from './scenarios/hostile-kubeconfigs.js';
import { load } from './scenarios/load.js';
import { logStorm } from './scenarios/log-storm.js';
import { partition } from './scenarios/partition.js';
import { canarySecrets } from './scenarios/canary-secrets.js';
import { eventResume } from './scenarios/event-resume.js';
import { foreignIds } from './scenarios/foreign-ids.js';
import { requestReplays } from './scenarios/request-replays.js';
import { validationAgrees } from './scenarios/validation-agrees.js';
import { watchDisruptions } from './scenarios/watch-disruptions.js';

/** In the order in which they run. */
export const scenarios: readonly Scenario[] = [
  checkerProof,
  load,
  crashPoints,
  cancels,
  watchDisruptions,
  logStorm,
  partition,
  forgottenPast,
  hostileKubeconfigs,
  canarySecrets,
  eventResume,
  foreignIds,
  requestReplays,
  validationAgrees,
];
