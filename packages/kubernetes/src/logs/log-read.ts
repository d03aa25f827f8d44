import { crc32 } from 'node:zlib';
import { type ContainerRun, gapBefore, gapInstead } from './first-lines.js';
import { type LogFragment, LogLineSplitter } from './log-lines.js';
import { type LogGap, type LogPiece, rotationGap, unavailableGap } from './log-piece.js';
import { afterLine, afterPart, identityOf, type LogPosition } from './log-position.js';
import { RepeatFilter } from './repeat-filter.js';
import type { RotationWatch } from './rotation-watch.js';

const MAX_MESSAGE_BYTES = 256;
/** What the kubelet writes into the body, without a stamp, when it cannot read the file. */
const KUBELET_MESSAGE =
  /^(?:unable to retrieve container logs for |failed to try resolving symlinks |failed to open log file |rpc error: )/;

/** One read of a log from a position: turns its bytes into what is new, and moves the position along. */
export class LogRead {
  readonly #splitter = new LogLineSplitter();
  readonly #repeats: RepeatFilter;
  readonly #isResumed: boolean;
  readonly #rotation: RotationWatch;
  readonly #run: ContainerRun | undefined;
  #position: LogPosition;
  #line: { identity: string; taken: boolean; takenBytes: number } | undefined;
  #hasPassedRest = false;
  #hasNews = false;
  #gapTold = false;
  #kubeletMessage: string | undefined;

  /** @param run where the log may be read for the first time */
  constructor(position: LogPosition, rotation: RotationWatch, run?: ContainerRun) {
    const { file, ...taken } = position;
    this.#position = taken;
    this.#rotation = rotation;
    this.#repeats = new RepeatFilter(position);
    this.#isResumed = position.newest !== undefined;
    this.#run = this.#isResumed ? undefined : run;
    if (file !== undefined) rotation.begin(file);
  }

  /** After all pieces given so far. */
  get position(): LogPosition {
    const { file } = this.#rotation;
    return file === undefined ? this.#position : { ...this.#position, file };
  }

  /** Something may have been left out after `position`: nothing more is taken. Another read from there tells. */
  get isDoubtful(): boolean {
    return this.#rotation.isDoubtful;
  }

  /** It gave something. */
  get hasNews(): boolean {
    return this.#hasNews;
  }

  /** The kubelet says, so far as this read came, that it cannot read the log: its container or its file is not there. */
  get isRefused(): boolean {
    return this.#kubeletMessage !== undefined || KUBELET_MESSAGE.test(this.#splitter.rest.toString('latin1'));
  }

  /** How the log ends, as far as this read tells: the same for every read that finds the same end. */
  get ending(): string {
    const { rest } = this.#splitter;
    return JSON.stringify([this.#position, rest.length, crc32(rest), this.#repeats.passed, this.#kubeletMessage]);
  }

  accept(batch: readonly Buffer[]): LogPiece[] {
    const fragments = batch.flatMap((chunk) => this.#splitter.push(chunk));
    const pieces = [...this.#gapBefore(fragments), ...this.#take(fragments)];
    this.#hasNews ||= pieces.length > 0;
    return pieces;
  }

  /**
   * What is left when nothing will be written any more: a last line without a newline, what the kubelet could not read,
   * and whether lines taken before were missing.
   */
  finish(): LogPiece[] {
    const fragments = this.#splitter.end();
    const pieces: LogPiece[] = [...this.#gapBefore(fragments), ...this.#take(fragments)];
    if (this.#kubeletMessage !== undefined) return [...pieces, unavailableGap(this.#kubeletMessage)];
    if (this.#run !== undefined && this.#line === undefined) return gapInstead(this.#run);
    return this.#repeats.passed || this.#gapTold ? pieces : [...pieces, rotationGap()];
  }

  #gapBefore(fragments: readonly LogFragment[]): LogGap[] {
    return this.#run === undefined || this.#line !== undefined ? [] : gapBefore(fragments, this.#run);
  }

  #take(fragments: readonly LogFragment[]): LogPiece[] {
    return fragments.flatMap((fragment) => (this.isDoubtful ? [] : this.#piecesOf(fragment)));
  }

  #piecesOf(fragment: LogFragment): LogPiece[] {
    const { stamp, bytes, offset, endsLine } = fragment;
    if (stamp === undefined) return this.#unstamped(fragment);
    const gap = offset === 0 ? this.#beginLine(stamp, bytes) : [];
    const line = this.#line;
    if (line === undefined || this.isDoubtful) return [];
    this.#rotation.count(bytes.length);
    if (line.taken) return gap;
    const end = offset + bytes.length;
    if (endsLine) this.#position = afterLine(this.#position, line.identity);
    else if (end > line.takenBytes) this.#position = afterPart(this.#position, stamp, end);
    return offset < line.takenBytes ? gap : [...gap, { kind: 'line', stamp, bytes, continued: !endsLine }];
  }

  #beginLine(stamp: string, firstPiece: Buffer): LogGap[] {
    const identity = identityOf(stamp, firstPiece);
    const verdict = this.#repeats.judge(stamp, identity);
    const isOtherFile = !this.#isResumed || this.#repeats.isOtherFile;
    if (this.#line === undefined && isOtherFile) this.#rotation.begin({ start: stamp, bytes: 0 });
    this.#rotation.beginLine(stamp);
    const { partial } = this.#position;
    // The first pieces of a long line may have been taken by an earlier read.
    this.#line = { identity, taken: verdict === 'SKIP', takenBytes: partial?.stamp === stamp ? partial.bytes : 0 };
    if (verdict !== 'KEEP_AFTER_GAP') return [];
    this.#gapTold = true;
    return [rotationGap()];
  }

  /** `sinceTime` can begin inside a long line, whose rest then comes without a stamp: it was taken long ago. */
  #unstamped({ bytes, offset, endsLine }: LogFragment): LogPiece[] {
    const isRest = this.#isResumed && this.#line === undefined && !this.#hasPassedRest;
    if (endsLine) this.#hasPassedRest = true;
    const message = bytes.toString('utf8', 0, MAX_MESSAGE_BYTES);
    if (offset === 0 && bytes.length > 0 && (!isRest || KUBELET_MESSAGE.test(message))) this.#kubeletMessage = message;
    return [];
  }
}
