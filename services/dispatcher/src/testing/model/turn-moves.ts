import type { UntimedJobEvent } from '@ccluster/db';
import type { PlacementDecision } from '@ccluster/domain';
import { ok, type Answer, type ClusterName, type Turn } from './ask.js';
import { AT, record } from './stored-job.js';
import { clusterNames, spend, withHistory, type Move, type World } from './world.js';

/** What the line answers to a dispatcher that asks whether it is its job's turn. */
export function turnsOf(world: World): { world: World; answer: Answer; label: string }[] {
  const state = world.draft?.state;
  const choice = (turn: Turn | null, label: string) => ({ world, answer: ok(turn), label });
  if (state?.phase === 'ARMED' && state.resuming)
    return [choice({ offer: state.placement.clusterId as ClusterName, resumes: true }, '')];
  if (state?.phase !== 'QUEUED' || state.held) return [choice(null, " is nobody's turn")];
  return offersIn(world).map((offer) => choice({ offer, resumes: false }, ` offers ${offer}`));
}

/** Either cluster may be the best, or the only one, at any moment. */
function offersIn(world: World): readonly ClusterName[] {
  return clusterNames.slice(0, world.history.choseA ? world.left.clusters : 1);
}

/** The turn of another job that is behind it in line lets it go first, whoever has claimed it meanwhile. */
export function otherTurnMoves(world: World): Move[] {
  const { job, left } = world;
  if (left.turns === 0 || job === null) return [];
  const moveOf = (event: UntimedJobEvent, label: string, choseA: boolean): Move[] => {
    const placed = record(job, event, null);
    if (placed === undefined) return [];
    return [{ label, world: withHistory({ ...spend(world, 'turns'), job: placed }, { choseA }) }];
  };
  const resumes = moveOf({ type: 'RESUME_ALLOWED' }, "another job's turn resumes it", world.history.choseA);
  const placements = offersIn(world).flatMap((name) =>
    moveOf(
      { type: 'PLACEMENT_DECIDED', placement: placementIn(name) },
      `another job's turn places it in ${name}`,
      true,
    ),
  );
  return [...resumes, ...placements];
}

function placementIn(name: ClusterName): PlacementDecision {
  return {
    clusterId: name,
    clusterName: name,
    instanceTypeId: `it_${name}`,
    instanceTypeName: 'cpu',
    namespace: 'jobs',
    decidedAt: AT,
    explanation: '',
  };
}
