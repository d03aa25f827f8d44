import type { ClaimedJob, UntimedJobEvent } from '@ccluster/db';
import { kubernetesJobName, type Intent, type PlacementDecision, type Want } from '@ccluster/domain';
import { ClusterFault, concernsCluster } from '../cluster/cluster-fault.js';
import type { ClusterWriter, KubernetesJobRef, SeenKubernetesJob } from '../cluster/cluster-writer.js';
import { record, withCluster, type DispatchContext } from '../dispatch-context.js';
import { goOn, release, releaseAsOvertaken, type Progress } from '../progress.js';

const ATTEMPTS = 5;
const BUSY_RETRY_MS = 500;
const REMOVED_RETRY_MS = 5_000;

/** What was decided for one Kubernetes Job and is not yet in force there. */
export interface Delivery {
  readonly placement: PlacementDecision;
  readonly kubernetesUid: string;
  readonly want: Want;
  readonly intent: Intent;
}

type DeliveryEvent = Extract<UntimedJobEvent, { type: 'INTENT_APPLIED' | 'KUBERNETES_JOB_GONE' }>;

/** Releases or suspends the armed Kubernetes Job, as was decided last, and records what its API server acknowledged. */
export async function deliverIntent(
  context: DispatchContext,
  job: ClaimedJob,
  delivery: Delivery,
  signal: AbortSignal,
): Promise<Progress> {
  const { clusterName, namespace } = delivery.placement;
  const target = { namespace, name: kubernetesJobName(job.spec.name, job.id), uid: delivery.kubernetesUid };
  try {
    const event = await withCluster(context, delivery.placement, signal, (writer) =>
      apply(writer, target, delivery, signal),
    );
    const recorded = await record(context, job, event);
    return recorded === undefined ? releaseAsOvertaken(job) : goOn(recorded);
  } catch (error) {
    if (error instanceof ClusterFault && error.kind === 'BUSY') return release(job, BUSY_RETRY_MS);
    // What was armed in a cluster that is removed ends with that, whatever was decided for it before.
    if (error instanceof ClusterFault && error.kind === 'REMOVED') return release(job, REMOVED_RETRY_MS);
    if (!(error instanceof ClusterFault) || !concernsCluster(error)) throw error;
    // An armed job is never placed again: it waits for its cluster.
    const message = `${clusterName}: ${error.message}`;
    const told = await record(context, job, { type: 'CLUSTER_UNREACHABLE', message });
    return release(told ?? job, context.gate.restMs(delivery.placement));
  }
}

/**
 * Tries the change from the intent that was acknowledged last, which is right almost always, and looks at the Kubernetes
 * Job only where that is refused: another dispatcher was faster, an answer was lost, or it is gone.
 */
async function apply(
  writer: ClusterWriter,
  target: KubernetesJobRef,
  { want, intent }: Delivery,
  signal: AbortSignal,
): Promise<DeliveryEvent> {
  const change = { to: intent.decided, suspend: want === 'SUSPEND' };
  let from = intent.applied;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const resourceVersion = await writer.changeIntent(target, { from, ...change }, signal);
    if (resourceVersion !== undefined) return applied(intent.decided, wasReleased(from, want), resourceVersion);
    const seen = await writer.findJob(target, signal);
    if (seen === undefined || seen.uid !== target.uid) return gone(writer, target, signal);
    if (seen.intent >= intent.decided) {
      return applied(intent.decided, wasReleased(seen.intent, want), seen.resourceVersion);
    }
    from = seen.intent;
  }
  throw new Error(`Intent ${intent.decided} of ${target.namespace}/${target.name} was refused ${ATTEMPTS} times`);
}

/** The first intent releases: only from 0 can nothing have started. */
function wasReleased(before: SeenKubernetesJob['intent'], want: Want): boolean {
  return want === 'RUN' || before >= 1;
}

function applied(intent: number, released: boolean, resourceVersion: string): DeliveryEvent {
  return { type: 'INTENT_APPLIED', intent, released, resourceVersion };
}

/** Only the cluster that was armed can say so: one that took its place at the address never had it. */
async function gone(writer: ClusterWriter, target: KubernetesJobRef, signal: AbortSignal): Promise<DeliveryEvent> {
  await writer.verifyIdentity(signal);
  const message = `The Kubernetes Job ${target.namespace}/${target.name} was removed in its cluster`;
  return { type: 'KUBERNETES_JOB_GONE', kubernetesUid: target.uid, message };
}
