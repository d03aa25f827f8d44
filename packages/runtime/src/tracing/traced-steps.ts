import type { AtRisk, CRASH_STEPS } from '../crash-points.js';
import { inChildSpan } from './spans.js';

/** The same steps, each a span where it is part of a trace. */
export function tracedSteps<S extends keyof typeof CRASH_STEPS>(atRisk: AtRisk<S>): AtRisk<S> {
  return (step, work) => inChildSpan(step, {}, () => atRisk(step, work));
}
