import {
  lockPlacements,
  namespaceFor,
  readPlacementSnapshot,
  recordEvent,
  withTransaction,
  type ClaimedJob,
  type Queryable,
  type RecordedChange,
} from '@ccluster/db';
import {
  place,
  type Offer,
  type PlacementDecision,
  type PlacementResult,
  type PlacementSnapshot,
} from '@ccluster/domain';
import type { DispatchContext } from '../dispatch-context.js';
import { goOn, release, releaseAsOvertaken, type Progress } from '../progress.js';

/** The first twenty in line are looked at this often, whatever woke them or did not. */
const WAIT_MS = 2_000;
/** Further back it is a look every 100 ms for each place, so that a long line costs little more than a short one. */
const WAIT_PER_PLACE_MS = 100;
const LONGEST_WAIT_MS = 60_000;

/**
 * QUEUED → PLACED: chooses a cluster and an instance type and reserves the room; or says what the job waits for.
 * Placements take turns: each sees what those before it have taken and who is in line, so that no two take the same room
 * and what is left goes to the oldest.
 */
export async function placeJob(context: DispatchContext, job: ClaimedJob): Promise<Progress> {
  const { change, retryAfterMs } = await context.atRisk('place', () => takeTurn(context, job));
  if (change !== undefined) context.publish(change);
  const changed = change === undefined ? job : { ...job, state: change.after, eventSequence: change.eventSequence };
  if (retryAfterMs !== undefined) return release(changed, retryAfterMs);
  return change === undefined ? releaseAsOvertaken(job) : goOn(changed);
}

type Waiting = Exclude<PlacementResult, { placed: Offer }>;

interface Turn {
  /** undefined: nothing has changed. */
  readonly change: RecordedChange | undefined;
  /** undefined: it need not wait. */
  readonly retryAfterMs: number | undefined;
}

function takeTurn(context: DispatchContext, job: ClaimedJob): Promise<Turn> {
  return withTransaction(context.database, async (tx) => {
    const decidedAt = await lockPlacements(tx);
    const snapshot = withoutResting(context, await readPlacementSnapshot(tx, job));
    const result = choose(job, snapshot);
    if (!('placed' in result)) return waitForOffer(context, tx, job, result);
    const placement = placementOf(job, result.placed, decidedAt, result.explanation);
    const change = await recordEvent(tx, job.id, { type: 'PLACEMENT_DECIDED', placement }, job.epoch);
    return { change, retryAfterMs: undefined };
  });
}

function choose({ organizationId, spec }: ClaimedJob, snapshot: PlacementSnapshot): PlacementResult {
  return place({ organizationId, requested: spec.requestedPlacement, parallelism: spec.parallelism }, snapshot);
}

/** A cluster that has just failed us is not chosen again before its rest ends, though the watcher may still reach it. */
function withoutResting(context: DispatchContext, snapshot: PlacementSnapshot): PlacementSnapshot {
  const seenFromHere = (offer: Offer): Offer =>
    context.gate.trouble(offer.clusterId) === undefined ? offer : { ...offer, reachable: false };
  return { ...snapshot, offers: snapshot.offers.map(seenFromHere) };
}

function placementOf(
  { organizationId }: ClaimedJob,
  offer: Offer,
  decidedAt: string,
  explanation: string,
): PlacementDecision {
  return {
    clusterId: offer.clusterId,
    clusterName: offer.clusterName,
    instanceTypeId: offer.instanceType.id,
    instanceTypeName: offer.instanceType.name,
    namespace: namespaceFor(offer.namespace, organizationId),
    decidedAt,
    explanation,
  };
}

async function waitForOffer(
  context: DispatchContext,
  tx: Queryable,
  job: ClaimedJob,
  { waiting, offers }: Waiting,
): Promise<Turn> {
  const troubles = offers.map(({ offer }) => context.gate.trouble(offer.clusterId));
  const trouble = waiting.code === 'CLUSTER_UNREACHABLE' ? troubles.find((each) => each !== undefined) : undefined;
  const { placeInLine, ...said } = waiting;
  const reason = trouble?.kind === 'CLUSTER_REFUSED' ? { code: 'CLUSTER_REFUSED', message: trouble.message } : said;
  const change = await recordEvent(tx, job.id, { type: 'PLACEMENT_WAITING', ...reason }, job.epoch);
  return { change, retryAfterMs: waitMs(placeInLine ?? 1) };
}

function waitMs(placeInLine: number): number {
  return Math.min(Math.max(placeInLine * WAIT_PER_PLACE_MS, WAIT_MS), LONGEST_WAIT_MS);
}
