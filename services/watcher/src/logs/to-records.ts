import type { LogRecord } from '@ccluster/db';
import type { LogPiece } from '@ccluster/kubernetes';

/**
 * What a follower brought, as it is stored. A gap has no stamp of its own and takes that of the line before it.
 * @param now for a gap before any line, RFC 3339
 */
export function toRecords(pieces: readonly LogPiece[], now: string): LogRecord[] {
  let stamp = now;
  return pieces.map((piece) => {
    if (piece.kind === 'gap') return { ...piece, stamp };
    stamp = piece.stamp;
    return piece;
  });
}
