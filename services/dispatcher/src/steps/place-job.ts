import {
  lockPlacements,
  readTurn,
  recordEvent,
  withTransaction,
  type ClaimedJob,
  type JobInLine,
  type Queryable,
  type RecordedChange,
  type UntimedJobEvent,
} from '@ccluster/db';
import {
  namespaceFor,
  takeTurn,
  type Offer,
  type Placed,
  type PlacementResult,
  type PlacementSnapshot,
} from '@ccluster/domain';
import type { ClusterGate } from '../cluster/cluster-gate.js';
import type { DispatchContext } from '../dispatch-context.js';
import { goOn, release, releaseAsOvertaken, type Progress } from '../progress.js';

/** The first four that wait are looked at this often, whatever woke them or did not. */
const WAIT_MS = 2_000;
/**
 * Further back it takes so much longer with each place, whatever the job waits for: looks keep the reasons fresh, and
 * those of a long line must leave room for turns in which somebody goes. Who can go is woken by the watchers.
 */
const WAIT_PER_PLACE_MS = 500;
const LONGEST_WAIT_MS = 600_000;
/** Its turn did not come in time. */
const NEXT_TURN_MS = 1_000;

/**
 * QUEUED → PLACED: chooses a cluster and an instance type and reserves the room; ARMED and suspended: goes on there; or
 * says what the job waits for. Placements take turns, and in its turn a job first lets those go that have waited longer,
 * so that no two take the same room and what is left goes to the oldest.
 */
export async function placeJob(context: DispatchContext, job: ClaimedJob): Promise<Progress> {
  const turn = await context.placementTurns.take(() =>
    context.atRisk('place', () => withTransaction(context.database, (tx) => placeInTurn(context, tx, job))),
  );
  if (turn === undefined) return release(job, NEXT_TURN_MS);
  const { ahead, own, retryAfterMs } = turn;
  for (const change of ahead) {
    context.publish(change);
    context.hint(change);
  }
  if (own !== undefined) context.publish(own);
  const changed = own === undefined ? job : { ...job, state: own.after };
  if (retryAfterMs !== undefined) return release(changed, retryAfterMs);
  return own === undefined ? releaseAsOvertaken(job) : goOn(changed);
}

/** What a turn has changed. */
interface Recorded {
  readonly ahead: readonly RecordedChange[];
  readonly own: RecordedChange | undefined;
  /** undefined: the job need not wait. */
  readonly retryAfterMs?: number;
}

async function placeInTurn(context: DispatchContext, tx: Queryable, job: ClaimedJob): Promise<Recorded> {
  const decidedAt = await lockPlacements(tx);
  const turn = await readTurn(tx, job.id);
  if (turn === undefined) return { ahead: [], own: undefined };
  const { request, snapshot } = withoutResting(context, turn);
  const { ahead, result } = takeTurn(request, snapshot);
  const gone = await recordAhead(tx, ahead, decidedAt);
  if (result === undefined) return { ahead: gone, own: undefined };
  if ('placed' in result) {
    const own = await recordEvent(tx, job.id, placedEvent(request, result, decidedAt), job.epoch);
    return { ahead: gone, own };
  }
  const own = await recordEvent(tx, job.id, waitingEvent(context, request, result), job.epoch);
  return { ahead: gone, own, retryAfterMs: waitMs(snapshot.line) };
}

/** Not under a claim: whoever has claimed one of them finds it placed. */
async function recordAhead(
  tx: Queryable,
  ahead: readonly (Placed & { readonly request: JobInLine })[],
  decidedAt: string,
): Promise<RecordedChange[]> {
  const changes: RecordedChange[] = [];
  for (const { request, ...placed } of ahead) {
    const change = await recordEvent(tx, request.id, placedEvent(request, placed, decidedAt));
    if (change !== undefined) changes.push(change);
  }
  return changes;
}

interface TurnOf<R> {
  readonly request: R;
  readonly snapshot: PlacementSnapshot<JobInLine>;
}

/**
 * A cluster that has just failed us is not chosen again before its rest ends, though the watcher may still reach it; nor
 * for the jobs of an organization one that has just refused those, in the namespace that they have there.
 */
function withoutResting({ gate }: DispatchContext, { request, snapshot }: TurnOf<JobInLine>): TurnOf<JobInLine> {
  const seenFromHere = (offer: Offer): Offer =>
    gate.trouble({ clusterId: offer.clusterId }) === undefined ? offer : { ...offer, reachable: false };
  const offers = snapshot.offers.map(seenFromHere);
  const avoidsByOrganization = new Map<string, ReadonlySet<string>>();
  const seenByOrganization = <R extends JobInLine>(each: R): R => {
    const { organizationId } = each;
    const avoids = avoidsByOrganization.get(organizationId) ?? refusing(gate, offers, organizationId);
    avoidsByOrganization.set(organizationId, avoids);
    return avoids.size === 0 ? each : { ...each, avoids };
  };
  const line = snapshot.line.map(seenByOrganization);
  return { request: seenByOrganization(request), snapshot: { ...snapshot, offers, line } };
}

function refusing(gate: ClusterGate, offers: readonly Offer[], organizationId: string): ReadonlySet<string> {
  const refused = offers.filter(
    ({ clusterId, namespace, reachable }) =>
      reachable && gate.trouble({ clusterId, namespace: namespaceFor(namespace, organizationId) }) !== undefined,
  );
  return new Set(refused.map(({ clusterId }) => clusterId));
}

function placedEvent(
  { organizationId, resumesOn }: JobInLine,
  { placed, explanation }: Placed,
  decidedAt: string,
): UntimedJobEvent {
  if (resumesOn !== undefined) return { type: 'RESUME_ALLOWED' };
  const placement = {
    clusterId: placed.clusterId,
    clusterName: placed.clusterName,
    instanceTypeId: placed.instanceType.id,
    instanceTypeName: placed.instanceType.name,
    namespace: namespaceFor(placed.namespace, organizationId),
    decidedAt,
    explanation,
  };
  return { type: 'PLACEMENT_DECIDED', placement };
}

function waitingEvent(
  { gate }: DispatchContext,
  { organizationId }: JobInLine,
  { waiting, offers }: Exclude<PlacementResult, Placed>,
): UntimedJobEvent {
  const { code, message } = waiting;
  const troubles = offers.map(({ offer: { clusterId, namespace } }) =>
    gate.trouble({ clusterId, namespace: namespaceFor(namespace, organizationId) }),
  );
  const trouble = code === 'CLUSTER_UNREACHABLE' ? troubles.find((each) => each !== undefined) : undefined;
  if (trouble === undefined || !['CLUSTER_REFUSED', 'NAMESPACE_REFUSED'].includes(trouble.kind))
    return { type: 'PLACEMENT_WAITING', code, message };
  return { type: 'PLACEMENT_WAITING', code: 'CLUSTER_REFUSED', message: trouble.message };
}

function waitMs(olderJobs: readonly JobInLine[]): number {
  const place = olderJobs.reduce((count, { further = 0 }) => count + 1 + further, 1);
  return Math.min(Math.max(place * WAIT_PER_PLACE_MS, WAIT_MS), LONGEST_WAIT_MS);
}
