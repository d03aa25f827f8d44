import { findStamp, MAX_STAMP_BYTES } from './log-stamp.js';

/** Longer lines are cut into pieces of this size; a progress bar may be one line for hours. */
const MAX_PIECE_BYTES = 16 * 1024;
const NEWLINE = 0x0a;
const EMPTY = Buffer.alloc(0);

/** A line, or a part of a long one. Cut at the same places however the bytes arrived, so that positions hold across reads. */
export interface LogFragment {
  /** Of the line; undefined when the kubelet wrote none. */
  stamp: string | undefined;
  /** Without the newline. */
  bytes: Buffer;
  /** Where in the line, after its stamp, these bytes begin. */
  offset: number;
  endsLine: boolean;
}

/** Cuts the bytes of `pods/log?timestamps=true` into lines. Holds back at most one piece. */
export class LogLineSplitter {
  /** What is held back: of the line begun, or too little to tell whether a stamp begins it. */
  #rest: Buffer = EMPTY;
  #line: { stamp: string | undefined; offset: number } | undefined;

  /** Begun, and not given yet. */
  get rest(): Buffer {
    return this.#rest;
  }

  push(chunk: Buffer): LogFragment[] {
    const fragments: LogFragment[] = [];
    let bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE)) {
      this.#endLine(bytes.subarray(0, end), fragments);
      bytes = bytes.subarray(end + 1);
    }
    if (this.#line !== undefined || bytes.length >= MAX_STAMP_BYTES)
      bytes = this.#cutFullPieces(this.#withoutStamp(bytes), fragments);
    // Copied: what is held back must not keep the whole chunk alive.
    this.#rest = Buffer.from(bytes);
    return fragments;
  }

  /** The last line, when it had no newline. */
  end(): LogFragment[] {
    const fragments: LogFragment[] = [];
    if (this.#rest.length > 0) this.#endLine(this.#rest, fragments);
    this.#rest = EMPTY;
    return fragments;
  }

  #endLine(bytes: Buffer, fragments: LogFragment[]): void {
    const last = this.#cutFullPieces(this.#withoutStamp(bytes), fragments);
    fragments.push({ ...this.#begun(), bytes: last, endsLine: true });
    this.#line = undefined;
  }

  /** Begins the line when it has not begun. */
  #withoutStamp(bytes: Buffer): Buffer {
    if (this.#line !== undefined) return bytes;
    const stamp = findStamp(bytes);
    this.#line = { stamp, offset: 0 };
    return stamp === undefined ? bytes : bytes.subarray(stamp.length + 1);
  }

  #cutFullPieces(content: Buffer, fragments: LogFragment[]): Buffer {
    let rest = content;
    while (rest.length > MAX_PIECE_BYTES) {
      const end = characterStart(rest, MAX_PIECE_BYTES);
      const line = this.#begun();
      fragments.push({ ...line, bytes: rest.subarray(0, end), endsLine: false });
      this.#line = { stamp: line.stamp, offset: line.offset + end };
      rest = rest.subarray(end);
    }
    return rest;
  }

  #begun(): { stamp: string | undefined; offset: number } {
    return this.#line ?? { stamp: undefined, offset: 0 };
  }
}

/** The start of the UTF-8 character at `at`; `at` itself when the bytes are no UTF-8. */
function characterStart(bytes: Buffer, at: number): number {
  for (let start = at; start > at - 4; start -= 1) {
    if (((bytes[start] ?? 0) & 0xc0) !== 0x80) return start;
  }
  return at;
}
