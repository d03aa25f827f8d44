/** Counts the bytes of a body down to where it breaks off. */
export class BodyCut {
  #bytesLeft: number;
  readonly #insideCharacter: boolean;

  constructor(afterBytes: number, insideCharacter: boolean) {
    this.#bytesLeft = afterBytes;
    this.#insideCharacter = insideCharacter;
  }

  /** What of `bytes` comes before the cut; undefined: all, and the cut is still to come. */
  take(bytes: Buffer): Buffer | undefined {
    const end = this.#insideCharacter
      ? bytes.findIndex((byte, at) => at >= this.#bytesLeft && isContinuation(byte))
      : this.#bytesLeft;
    if (end !== -1 && end < bytes.length) return bytes.subarray(0, end);
    this.#bytesLeft = Math.max(0, this.#bytesLeft - bytes.length);
    return undefined;
  }
}

/** In UTF-8: not the first byte of its character. */
function isContinuation(byte: number): boolean {
  return (byte & 0b1100_0000) === 0b1000_0000;
}
