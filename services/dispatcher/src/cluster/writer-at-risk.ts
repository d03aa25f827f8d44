import { noteInSpan, type AtRisk } from '@ccluster/runtime';
import type { ClusterWriter } from './cluster-writer.js';

/** The same writer, with a crash point on either side of each call that changes something in the cluster. */
export function writerAtRisk(writer: ClusterWriter, atRisk: AtRisk<'dispatcher'>): ClusterWriter {
  return {
    ...writer,
    postJob: (order, signal) => atRisk('post Kubernetes Job', () => writer.postJob(order, signal)),
    deleteJob: (job, signal) => atRisk('delete Kubernetes Job', () => writer.deleteJob(job, signal)),
    inheritTasks: (job, inherited, signal) =>
      atRisk('inherit tasks', () => writer.inheritTasks(job, inherited, signal)),
    postSecrets: (order, owner, secrets, signal) =>
      atRisk('post Secrets', () => writer.postSecrets(order, owner, secrets, signal)),
    changeIntent: (job, change, signal) =>
      atRisk('change intent', () => {
        noteInSpan({ 'ccluster.intent': change.to, 'ccluster.suspend': change.suspend });
        return writer.changeIntent(job, change, signal);
      }),
  };
}
