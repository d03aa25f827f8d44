import { KubernetesFault } from '../connection/fault.js';

/** etcd takes objects of up to 1.5 MiB, the API server requests of 3 MiB. */
const MAX_LINE_BYTES = 8 * 1024 * 1024;
const NEWLINE = 0x0a;

/** Cuts a byte stream into lines. Decodes whole lines only: a chunk may end inside a character. */
export class LineSplitter {
  #parts: Buffer[] = [];
  #bytes = 0;

  /** The lines that this chunk completes. Throws `KubernetesFault` when one grows beyond 8 MiB. */
  push(chunk: Buffer): string[] {
    const lines: string[] = [];
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      this.#keep(chunk.subarray(start, end));
      lines.push(this.#take());
      start = end + 1;
    }
    this.#keep(chunk.subarray(start));
    return lines;
  }

  #keep(part: Buffer): void {
    this.#bytes += part.length;
    if (this.#bytes > MAX_LINE_BYTES)
      throw new KubernetesFault('SERVER_ERROR', 'A watch event was too large', { reason: 'EventTooLarge' });
    if (part.length > 0) this.#parts.push(part);
  }

  #take(): string {
    const line = Buffer.concat(this.#parts).toString('utf8');
    this.#parts = [];
    this.#bytes = 0;
    return line;
  }
}
