const PAD = 'x'.repeat(60);

/** Prints so many lines: the number, a checksum of it, and padding. */
export function lineScript(lines: number): string {
  return `awk 'BEGIN { for (i = 1; i <= ${lines}; i++) print i, (i * 7919) % 1000003, "${PAD}" }'`;
}

/** Accounts for the lines of one such script. */
export class LineAccount {
  readonly #lines: number;
  #next = 1;
  #lost = 0;
  doubled = 0;
  damaged = 0;
  gaps = 0;

  constructor(lines: number) {
    this.#lines = lines;
  }

  /** What is missing up to now, and what has not come. */
  get lost(): number {
    return this.#lost + this.#lines + 1 - this.#next;
  }

  add({ text, gapBefore }: { readonly text: string; readonly gapBefore: object | null }): void {
    if (gapBefore !== null) {
      this.gaps += 1;
      return;
    }
    const line = Number(text.split(' ', 1)[0]);
    if (text !== `${line} ${(line * 7919) % 1_000_003} ${PAD}`) {
      this.damaged += 1;
      return;
    }
    if (line < this.#next) {
      this.doubled += 1;
      return;
    }
    this.#lost += line - this.#next;
    this.#next = line + 1;
  }
}
