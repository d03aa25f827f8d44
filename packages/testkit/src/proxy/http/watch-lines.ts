import type { LineFault } from './http-fault.js';

const NEWLINE = 0x0a;

/** Cuts a watch into its lines, each given as soon as it is whole, and spoils some of them. */
export class WatchLines {
  readonly #faults: { readonly fault: LineFault; readonly happened: () => void }[] = [];
  readonly #part: Buffer[] = [];
  #heldBack: Buffer[] = [];

  /** @param happened called when the fault has struck its line */
  strike(fault: LineFault, happened: () => void): void {
    this.#faults.push({ fault, happened });
  }

  push(chunk: Buffer): Buffer[] {
    const lines: Buffer[] = [];
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      this.#part.push(chunk.subarray(start, end + 1));
      lines.push(...this.#spoiled(Buffer.concat(this.#part.splice(0))));
      start = end + 1;
    }
    if (start < chunk.length) this.#part.push(chunk.subarray(start));
    return lines;
  }

  /** What is left when the watch ends. */
  end(): Buffer[] {
    return [...this.#heldBack.splice(0), ...this.#part.splice(0)];
  }

  #spoiled(line: Buffer): Buffer[] {
    const [next] = this.#faults;
    if (next?.fault.kind === 'reordered-lines' && this.#heldBack.length === 0) {
      this.#heldBack = [line];
      return [];
    }
    this.#faults.shift();
    next?.happened();
    switch (next?.fault.kind) {
      case undefined:
        return [line];
      case 'duplicated-line':
        return [line, line];
      case 'reordered-lines':
        return [line, ...this.#heldBack.splice(0)];
      case 'damaged-line':
        return [Buffer.concat([line.subarray(0, line.length / 2), Buffer.of(NEWLINE)])];
    }
  }
}
