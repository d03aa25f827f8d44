import {
  lockCluster,
  readOffers,
  recordEvent,
  withTransaction,
  type ClaimedJob,
  type RecordedChange,
} from '@ccluster/db';
import {
  place,
  type Offer,
  type PlacementDecision,
  type PlacementResult,
  type PlacementSnapshot,
} from '@ccluster/domain';
import { record, type DispatchContext } from '../dispatch-context.js';
import { goOn, release, releaseAsOvertaken, type Progress } from '../progress.js';

/** How often a choice is made again because another job took the room first. */
const CHOICES = 3;
const WAIT_MS = 2_000;

/** QUEUED → PLACED: chooses a cluster and an instance type and reserves the room; or says what the job waits for. */
export async function placeJob(context: DispatchContext, job: ClaimedJob): Promise<Progress> {
  for (let choice = 1; ; choice += 1) {
    const offers = withoutResting(context, await readOffers(context.database.db, job.organizationId));
    const result = choose(job, offers);
    if (!('placed' in result)) return waitForOffer(context, job, result);
    const reserved = await reserve(context, job, result.placed, offers);
    if (reserved === 'TAKEN' && choice < CHOICES) continue;
    if (reserved === 'TAKEN') return release(job, WAIT_MS);
    if (reserved === undefined) return releaseAsOvertaken(job);
    context.publish(reserved);
    return goOn({ ...job, state: reserved.after, eventSequence: reserved.eventSequence });
  }
}

type Waiting = Exclude<PlacementResult, { placed: Offer }>;

function choose(job: ClaimedJob, snapshot: PlacementSnapshot): PlacementResult {
  return place({ requested: job.spec.requestedPlacement, parallelism: job.spec.parallelism }, snapshot);
}

/** A cluster that has just failed us is not chosen again before its rest ends, though the watcher may still reach it. */
function withoutResting(context: DispatchContext, snapshot: PlacementSnapshot): PlacementSnapshot {
  const seenFromHere = (offer: Offer): Offer =>
    context.gate.trouble(offer.clusterId) === undefined ? offer : { ...offer, reachable: false };
  return { offers: snapshot.offers.map(seenFromHere) };
}

/**
 * Placements on one cluster take turns from here to the commit, and each looks again at its room: two that chose at the
 * same time cannot both take the last of it.
 */
function reserve(
  context: DispatchContext,
  job: ClaimedJob,
  chosen: Offer,
  snapshot: PlacementSnapshot,
): Promise<RecordedChange | 'TAKEN' | undefined> {
  return withTransaction(context.database, async (tx) => {
    const decidedAt = await lockCluster(tx, chosen.clusterId);
    const fresh = await readOffers(tx, job.organizationId, chosen.clusterId);
    const again = choose(job, withFresh(snapshot, fresh, chosen.clusterId));
    if (decidedAt === undefined || !('placed' in again) || !isSameOffer(again.placed, chosen)) return 'TAKEN';
    const placement = placementOf(again.placed, decidedAt, again.explanation);
    return recordEvent(tx, job.id, { type: 'PLACEMENT_DECIDED', placement }, job.epoch);
  });
}

/** The other clusters stay in the choice as they were read: what is the only offer left is judged by all of them. */
function withFresh(old: PlacementSnapshot, fresh: PlacementSnapshot, clusterId: string): PlacementSnapshot {
  return { offers: [...old.offers.filter((offer) => offer.clusterId !== clusterId), ...fresh.offers] };
}

function isSameOffer(left: Offer, right: Offer): boolean {
  return left.clusterId === right.clusterId && left.instanceType.id === right.instanceType.id;
}

function placementOf(offer: Offer, decidedAt: string, explanation: string): PlacementDecision {
  return {
    clusterId: offer.clusterId,
    clusterName: offer.clusterName,
    instanceTypeId: offer.instanceType.id,
    instanceTypeName: offer.instanceType.name,
    namespace: offer.namespace,
    decidedAt,
    explanation,
  };
}

async function waitForOffer(
  context: DispatchContext,
  job: ClaimedJob,
  { waiting, offers }: Waiting,
): Promise<Progress> {
  const troubles = offers.map(({ offer }) => context.gate.trouble(offer.clusterId));
  const trouble = waiting.code === 'CLUSTER_UNREACHABLE' ? troubles.find((each) => each !== undefined) : undefined;
  const reason = trouble?.kind === 'CLUSTER_REFUSED' ? { code: 'CLUSTER_REFUSED', message: trouble.message } : waiting;
  const waited = await record(context, job, { type: 'PLACEMENT_WAITING', ...reason });
  return release(waited ?? job, WAIT_MS);
}
