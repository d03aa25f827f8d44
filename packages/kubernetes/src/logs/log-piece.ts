export type LogPiece = LogLinePiece | LogGap;

/** A line, or a part of a line longer than 16 KiB. */
export interface LogLinePiece {
  kind: 'line';
  /** RFC 3339 with nanoseconds, as received; the same for all pieces of a line. */
  stamp: string;
  /** As written by the container, without the newline; any bytes. Cut between UTF-8 characters. */
  bytes: Buffer;
  /** The next piece continues this line. */
  continued: boolean;
}

/** Here lines are missing, or may be. */
export interface LogGap {
  kind: 'gap';
  /** LOG_ROTATED: the file was replaced before it was read to its end. LOG_UNAVAILABLE: the log, or the pod, is gone. */
  code: 'LOG_ROTATED' | 'LOG_UNAVAILABLE';
  message: string;
  /** How many lines; null when that cannot be known. */
  lines: number | null;
}

export function rotationGap(
  message = 'The log was rotated before it was read to its end; lines may be missing here',
): LogGap {
  return { kind: 'gap', code: 'LOG_ROTATED', message, lines: null };
}

export function unavailableGap(message: string): LogGap {
  return { kind: 'gap', code: 'LOG_UNAVAILABLE', message, lines: null };
}
