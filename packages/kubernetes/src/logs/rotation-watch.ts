import type { FileStart } from './file-start.js';
import { compareStamps } from './log-stamp.js';
import type { LogFile } from './log-position.js';

/** Of a smaller file it is taken for granted that it was not rotated: kubelets begin at 10 MiB where nobody says less. */
const LEAST_ROTATED_BYTES = 1024 * 1024;
/** The kubelet rotates a log no oftener than this. */
const LEAST_ROTATION_INTERVAL_MS = 3_000;
/** What the runtime writes of a line, at most, beside its bytes. */
const LINE_OVERHEAD_BYTES = 48;

interface LaterFile extends FileStart {
  /** It came right after the file before it. */
  readonly isNext: boolean;
}

/**
 * Tells where a follow goes on in another file, and whether it left one out. The kubelet says nothing of either: at the
 * end of a rotated file it goes on with the newest, skips those between, and where it was still reading when the file was
 * rotated it does not even notice. So whatever may come from a rotated file is confirmed, before it is taken, by asking
 * which file is the newest now.
 */
export class RotationWatch {
  readonly #nowMs: () => number;
  /** Until then the newest file known has been the newest. */
  #confirmedMs: number;
  /** The one that is being read; undefined before its first line. */
  #file: LogFile | undefined;
  /** Those after it, oldest first. */
  readonly #later: LaterFile[] = [];
  #isDoubtful = false;

  /** @param nowMs a clock that never goes back */
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
    this.#confirmedMs = nowMs();
  }

  get file(): LogFile | undefined {
    return this.#file;
  }

  /** Something may have been left out: nothing that comes is to be taken. */
  get isDoubtful(): boolean {
    return this.#isDoubtful;
  }

  /** The file that is being read has been rotated. */
  get isRotated(): boolean {
    return this.#later.length > 0;
  }

  /** The read goes on in this file. */
  begin(file: LogFile): void {
    this.#file = file;
    const at = this.#later.findIndex(({ first }) => first === file.start);
    this.#later.splice(0, at + 1);
  }

  /** Whether so many bytes more may be of another file. */
  mustConfirm(bytes: number): boolean {
    return this.isRotated || (this.#file?.bytes ?? 0) + bytes >= LEAST_ROTATED_BYTES;
  }

  /**
   * What has arrived is older than this answer.
   * @param newest undefined: the newest file is empty, or not there yet
   * @param askedMs by the same clock
   */
  confirm(newest: FileStart | undefined, askedMs: number): void {
    const isSoon = this.#nowMs() - this.#confirmedMs < LEAST_ROTATION_INTERVAL_MS;
    if (newest === undefined) {
      // Nothing of it has arrived, nor, so soon, of one between.
      if (!isSoon) this.#isDoubtful = true;
      return;
    }
    const known = this.#later.at(-1);
    this.#confirmedMs = askedMs;
    if (newest.first === known?.first) this.#later[this.#later.length - 1] = { ...known, ...newest };
    else if (known !== undefined || newest.first !== this.#file?.start) this.#later.push({ ...newest, isNext: isSoon });
  }

  /** The line with this stamp comes after all those before. */
  beginLine(stamp: string): void {
    const [next] = this.#later;
    if (next === undefined) return;
    // A line that was being written is cut in two by the rotation; the kubelet joins it, and the second stamp comes first.
    if (stamp === next.first || stamp === next.second) {
      this.begin({ start: next.first, bytes: 0 });
      this.#isDoubtful ||= !next.isNext;
    } else if (compareStamps(stamp, next.first) > 0) {
      this.#isDoubtful = true;
    }
  }

  /** So many bytes of a line were read. */
  count(bytes: number): void {
    if (this.#file !== undefined) this.#file = { ...this.#file, bytes: this.#file.bytes + bytes + LINE_OVERHEAD_BYTES };
  }
}
