import { crc32 } from 'node:zlib';
import { secondOf } from './log-stamp.js';

/** One of the files that the kubelet makes of a log, one after the other. */
export interface LogFile {
  /** Stamp of its first line. */
  start: string;
  /** It was read for at most so long: more than that only by what was read twice. */
  bytes: number;
}

/**
 * How far a log has been taken, to be stored in the same transaction as its lines; plain JSON. The stamps of a log are
 * not in order (stdout and stderr race, across seconds too), so a position counts lines: of the lines stamped in the
 * second before `newest.second` or later, which is what `sinceTime` answers with, the first `before + at` are taken.
 */
export interface LogPosition {
  /** The file that the lines taken last are in. */
  file?: LogFile;
  /** Absent before the first whole line. */
  newest?: {
    /** Of the newest stamp, in seconds since 1970. */
    second: number;
    /** Lines taken of the second before it, and of it. */
    before: number;
    at: number;
    /** Identity of the first line counted: another one in its place means that the log was rotated. */
    first: string;
    /** Identity of the first line counted in `at`. */
    firstAt: string;
    /** Identity of the last line counted. */
    last: string;
  };
  /** Bytes taken of the line after those, which is long and not whole yet. */
  partial?: { stamp: string; bytes: number };
}

export const LOG_START: LogPosition = {};

/** Stamp and checksum of a line's first piece: enough to tell whether the same file answers. */
export function identityOf(stamp: string, firstPiece: Buffer): string {
  return `${stamp} ${crc32(firstPiece).toString(16)}`;
}

export function stampOf(identity: string): string {
  return identity.slice(0, identity.indexOf(' '));
}

/** The position after one more whole line. */
export function afterLine({ newest }: LogPosition, identity: string): LogPosition {
  const second = secondOf(stampOf(identity));
  if (newest === undefined || second > newest.second + 1) {
    return { newest: { second, before: 0, at: 1, first: identity, firstAt: identity, last: identity } };
  }
  if (second === newest.second + 1) {
    return { newest: { second, before: newest.at, at: 1, first: newest.firstAt, firstAt: identity, last: identity } };
  }
  if (second === newest.second) return { newest: { ...newest, at: newest.at + 1, last: identity } };
  if (second === newest.second - 1) return { newest: { ...newest, before: newest.before + 1, last: identity } };
  return { newest };
}

/** The position inside a long line. */
export function afterPart({ newest }: LogPosition, stamp: string, bytes: number): LogPosition {
  return { ...(newest === undefined ? {} : { newest }), partial: { stamp, bytes } };
}

/** Lines that a read from this position repeats. */
export function repeatedLines(position: LogPosition): number {
  return position.newest === undefined ? 0 : position.newest.before + position.newest.at;
}
