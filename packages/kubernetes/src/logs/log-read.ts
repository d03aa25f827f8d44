import { type LogFragment, LogLineSplitter } from './log-lines.js';
import { type LogGap, type LogPiece, rotationGap, unavailableGap } from './log-piece.js';
import { afterLine, afterPart, identityOf, type LogPosition } from './log-position.js';
import { RepeatFilter } from './repeat-filter.js';
import type { SkipWatch } from './skip-watch.js';

const MAX_MESSAGE_BYTES = 256;
/** What the kubelet writes into the body, without a stamp, when it cannot read the file. */
const KUBELET_MESSAGE =
  /^(?:unable to retrieve container logs for |failed to try resolving symlinks |failed to open log file |rpc error: )/;

/** One read of a log from a position: turns its bytes into what is new, and moves the position along. */
export class LogRead {
  readonly #splitter = new LogLineSplitter();
  readonly #repeats: RepeatFilter;
  readonly #resumed: boolean;
  readonly #isLast: boolean;
  #position: LogPosition;
  #line: { identity: string; taken: boolean; takenBytes: number } | undefined;
  readonly #skipWatch: SkipWatch | undefined;
  #begun = false;
  #isDoubtful = false;
  #gapTold = false;

  /**
   * @param isLast nothing will be written any more, so what the kubelet cannot read now is lost
   * @param skipWatch of a follow
   */
  constructor(position: LogPosition, isLast: boolean, skipWatch?: SkipWatch) {
    this.#position = position;
    this.#skipWatch = skipWatch;
    this.#isLast = isLast;
    this.#repeats = new RepeatFilter(position);
    this.#resumed = position.newest !== undefined;
  }

  /** After all pieces given so far. */
  get position(): LogPosition {
    return this.#position;
  }

  /** Something may have been skipped after `position`: nothing more is taken. Another read from there tells. */
  get isDoubtful(): boolean {
    return this.#isDoubtful;
  }

  accept(chunk: Buffer): LogPiece[] {
    return this.#take(this.#splitter.push(chunk));
  }

  /** What is left when nothing will be written any more: a last line without a newline, and whether lines taken before were missing. */
  finish(): LogPiece[] {
    const pieces = this.#take(this.#splitter.end());
    return this.#repeats.passed || this.#gapTold ? pieces : [...pieces, rotationGap()];
  }

  #take(fragments: readonly LogFragment[]): LogPiece[] {
    return fragments.flatMap((fragment) => this.#piecesOf(fragment));
  }

  #piecesOf(fragment: LogFragment): LogPiece[] {
    const { stamp, bytes, offset, endsLine } = fragment;
    if (stamp !== undefined && offset === 0 && this.#skipWatch?.mayHaveSkipped(stamp) === true) this.#isDoubtful = true;
    if (this.#isDoubtful) return [];
    if (stamp === undefined) return this.#unstamped(fragment);
    const gap = offset === 0 ? this.#beginLine(stamp, bytes) : [];
    const line = this.#line;
    if (line === undefined || line.taken) return gap;
    const end = offset + bytes.length;
    if (endsLine) this.#position = afterLine(this.#position, line.identity);
    else if (end > line.takenBytes) this.#position = afterPart(this.#position, stamp, end);
    return offset < line.takenBytes ? gap : [...gap, { kind: 'line', stamp, bytes, continued: !endsLine }];
  }

  #beginLine(stamp: string, firstPiece: Buffer): LogGap[] {
    this.#begun = true;
    const identity = identityOf(stamp, firstPiece);
    const verdict = this.#repeats.judge(stamp, identity);
    const { partial } = this.#position;
    // The first pieces of a long line may have been taken by an earlier read.
    this.#line = { identity, taken: verdict === 'SKIP', takenBytes: partial?.stamp === stamp ? partial.bytes : 0 };
    if (verdict !== 'KEEP_AFTER_GAP') return [];
    this.#gapTold = true;
    return [rotationGap()];
  }

  /** `sinceTime` can begin inside a long line, whose rest then comes without a stamp: it was taken long ago. */
  #unstamped({ bytes, offset, endsLine }: LogFragment): LogPiece[] {
    const isRest = this.#resumed && !this.#begun;
    if (endsLine) this.#begun = true;
    const message = bytes.toString('utf8', 0, MAX_MESSAGE_BYTES);
    if (!this.#isLast || offset > 0 || bytes.length === 0 || (isRest && !KUBELET_MESSAGE.test(message))) return [];
    this.#gapTold = true;
    return [unavailableGap(message)];
  }
}
