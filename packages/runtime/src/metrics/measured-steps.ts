import type { AtRisk, CRASH_STEPS } from '../crash-points.js';
import type { Metrics } from './metrics.js';

type Service = keyof typeof CRASH_STEPS;

/** The same, with each step's time and failures counted. @param cluster whose steps they are, where they are of one */
export function measuredSteps<S extends Service>(atRisk: AtRisk<S>, metrics: Metrics, cluster?: string): AtRisk<S> {
  return async (step, work) => {
    const beginMs = performance.now();
    try {
      return await atRisk(step, work);
    } catch (error) {
      if (cluster === undefined) metrics.count('ccluster_step_failures_total', { step });
      else metrics.count('ccluster_cluster_call_failures_total', { cluster, step });
      throw error;
    } finally {
      const seconds = (performance.now() - beginMs) / 1000;
      if (cluster === undefined) metrics.observe('ccluster_step_seconds', { step }, seconds);
      else metrics.observe('ccluster_cluster_call_seconds', { cluster, step }, seconds);
    }
  };
}
