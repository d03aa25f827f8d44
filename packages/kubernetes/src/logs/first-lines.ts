import type { LogFragment } from './log-lines.js';
import { type LogGap, rotationGap } from './log-piece.js';
import { millisecondsOf } from './log-stamp.js';

/** What is known of the container whose log is read for the first time. Its times are its node's, to the second. */
export interface ContainerRun {
  readonly startedAt: Date;
  readonly endedAt: Date | null;
  /** Its log is asked for at once after its start. */
  readonly isFresh: boolean;
}

/** In less time nobody fills a file and has it rotated; a second of it may be what the time of the start lacks. */
const LEAST_FIRST_FILE_MS = 1_500;
/** What the kubelet lets a file grow to before it rotates it, where nobody says otherwise. */
const ROTATED_BYTES = 10 * 1024 * 1024;
/** Less tells nothing of the pace of a container. */
const PACE_BYTES = 128 * 1024;
const ROTATED_AWAY = 'earlier lines may have been rotated away';

/**
 * The kubelet gives out the newest file only, and no sign of others. Whether the first line read is the first one written
 * is told by when it was written: either there was no time for a file before it; or somebody was there from the start, and
 * the container does not write so fast. Otherwise a gap tells what is known.
 * @param fragments the first that were read
 */
export function gapBefore(fragments: readonly LogFragment[], run: ContainerRun): LogGap[] {
  const first = fragments[0]?.stamp;
  if (first === undefined) return [];
  const afterMs = millisecondsOf(first) - run.startedAt.getTime();
  const isCertain = afterMs < LEAST_FIRST_FILE_MS || (run.isFresh && bytesIn(afterMs, fragments) < ROTATED_BYTES);
  if (isCertain) return [];
  const when = `The first line read was written ${(afterMs / 1000).toFixed(1)} s after its container started`;
  return [
    rotationGap(
      `${when}${run.isFresh ? ', and fast writing followed' : ', and nobody had read the log before'}: ${ROTATED_AWAY}`,
    ),
  ];
}

/** The same of a log in which there was not one line at the end. */
export function gapInstead(run: ContainerRun): LogGap[] {
  const ranMs = (run.endedAt ?? run.startedAt).getTime() - run.startedAt.getTime();
  if (run.isFresh || ranMs < LEAST_FIRST_FILE_MS) return [];
  return [rotationGap(`No line was left when the log was first read, after its container had ended: ${ROTATED_AWAY}`)];
}

/** What a container writes in that time, at the pace of these lines. */
function bytesIn(timeMs: number, fragments: readonly LogFragment[]): number {
  const bytes = fragments.reduce((sum, fragment) => sum + fragment.bytes.length, 0);
  const first = fragments[0]?.stamp;
  const last = fragments.at(-1)?.stamp;
  if (bytes < PACE_BYTES || first === undefined || last === undefined) return 0;
  return (bytes / Math.max(1, millisecondsOf(last) - millisecondsOf(first))) * timeMs;
}
