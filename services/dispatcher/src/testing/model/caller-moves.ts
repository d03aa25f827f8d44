import { cancel, hide, record } from './stored-job.js';
import { spend, withHistory, type Move, type StoredJob, type World } from './world.js';

/** What callers may ask for at any moment, as the api records it. */
export function callerMoves(world: World): Move[] {
  const { job, left } = world;
  if (job === null || job.deleted) return [];
  const moves: Move[] = [];
  const become = (label: string, changed: StoredJob | undefined, from: World) => {
    if (changed !== undefined) moves.push({ label, world: { ...from, job: changed } });
  };
  if (left.cancels > 0) become('a caller cancels', cancel(job), noteCancel(spend(world, 'cancels'), job));
  if (left.suspends > 0)
    become(
      'a caller suspends',
      record(job, { type: 'SUSPEND_REQUESTED', by: 'caller' }, null),
      spend(world, 'suspends'),
    );
  for (const limited of left.resumes > 0 ? [false, true] : []) {
    const resumed = record(job, { type: 'RESUME_REQUESTED', by: 'caller', limited }, null);
    become(`a caller resumes${limited ? ', within a limit' : ''}`, resumed, spend(world, 'resumes'));
  }
  if (left.deletions > 0 && job.state.phase === 'ENDED')
    become('a caller deletes the job', hide(job), spend(world, 'deletions'));
  return moves;
}

function noteCancel(world: World, { state }: StoredJob): World {
  const isUnarmed = state.phase === 'QUEUED' || state.phase === 'PLACED';
  return isUnarmed ? withHistory(world, { cancelledUnarmed: true }) : world;
}
