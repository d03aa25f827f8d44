import { compareStamps } from './log-stamp.js';
import { type LogPosition, repeatedLines, stampOf } from './log-position.js';

export type Verdict = 'SKIP' | 'KEEP' | 'KEEP_AFTER_GAP';

/**
 * Tells, line by line, what a resumed read repeats. As long as the same file answers, the first n lines are exactly the
 * ones taken, in whatever order their stamps are. When its first line is another one, the file was rotated: then what is
 * not newer than the last line taken counts as taken, and it is a gap unless that very line comes by.
 */
export class RepeatFilter {
  readonly #position: LogPosition;
  readonly #repeated: number;
  #seen = 0;
  #isOtherFile = false;
  #state: 'COUNTING' | 'SEARCHING' | 'PASSED';

  constructor(position: LogPosition) {
    this.#position = position;
    this.#repeated = repeatedLines(position);
    this.#state = this.#repeated === 0 ? 'PASSED' : 'COUNTING';
  }

  /** All lines taken before have come by, or their absence was told. */
  get passed(): boolean {
    return this.#state === 'PASSED';
  }

  /** Another file answers than the one that was read before. */
  get isOtherFile(): boolean {
    return this.#isOtherFile;
  }

  judge(stamp: string, identity: string): Verdict {
    const { newest } = this.#position;
    if (this.#state === 'PASSED' || newest === undefined) return 'KEEP';
    if (this.#state === 'COUNTING' && this.#seen === 0 && identity !== newest.first) {
      this.#isOtherFile = true;
      this.#state = 'SEARCHING';
    }
    return this.#state === 'COUNTING' ? this.#count(identity, newest.last) : this.#search(stamp, identity, newest.last);
  }

  #count(identity: string, last: string): Verdict {
    this.#seen += 1;
    if (this.#seen < this.#repeated) return 'SKIP';
    this.#state = 'PASSED';
    return identity === last ? 'SKIP' : 'KEEP_AFTER_GAP';
  }

  #search(stamp: string, identity: string, last: string): Verdict {
    const found = identity === last;
    if (!found && compareStamps(stamp, stampOf(last)) <= 0) return 'SKIP';
    this.#state = 'PASSED';
    return found ? 'SKIP' : 'KEEP_AFTER_GAP';
  }
}
