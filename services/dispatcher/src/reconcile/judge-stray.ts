import type { OwningJob } from '@ccluster/db';
import { armedUid } from '@ccluster/domain';
import type { SeenKubernetesJob } from '../cluster/cluster-writer.js';

/** Long enough for every claim that could still arm it to be over. */
export const STRAY_AGE_MS = 120_000;

/**
 * What to do about a Kubernetes Job of ours that was found in a cluster:
 * `DELETE`: nothing can ever release it, or its job is long over; `ALARM`: it runs and no job of ours owns it, which must
 * not happen and which a person has to look at; `KEEP` otherwise.
 * @param owner the row of the job it was made for; undefined where there is none
 * @param knownForMs for how long it has been seen here
 * @param predecessors ids that this cluster had before
 */
export function judgeStray(
  seen: SeenKubernetesJob,
  owner: OwningJob | undefined,
  clusterId: string,
  knownForMs: number,
  predecessors: ReadonlySet<string> = new Set(),
): 'KEEP' | 'DELETE' | 'ALARM' {
  if (seen.deleting || knownForMs < STRAY_AGE_MS) return 'KEEP';
  // Made for another cluster: one that was given up, as were its jobs, and that has come back as this one; or somebody's.
  if (seen.clusterId !== clusterId) return predecessors.has(seen.clusterId ?? '') ? 'DELETE' : 'KEEP';
  if (owner !== undefined) {
    const { state } = owner;
    if (state.phase === 'ENDED') return state.cleaned ? 'DELETE' : 'KEEP';
    if (armedUid(state) === seen.uid) return 'KEEP';
    const mayBeArmed = state.phase === 'PLACED' && state.placement.clusterId === clusterId && seen.epoch >= owner.epoch;
    if (mayBeArmed) return 'KEEP';
  }
  return seen.suspended ? 'DELETE' : 'ALARM';
}
