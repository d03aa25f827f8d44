const LENGTH_BYTES = 4;

export interface PostgresMessage {
  /** "Q", "C"; empty before the connection is set up, when messages have no type. */
  readonly type: string;
  /** As it came, with type and length. */
  readonly bytes: Buffer;
  /** What follows type and length. */
  readonly payload: Buffer;
}

/**
 * Cuts one direction of PostgreSQL's protocol 3 into whole messages. A message that has come in part waits for the rest.
 * @see https://www.postgresql.org/docs/current/protocol-message-formats.html
 */
export class MessageSplitter {
  #rest: Buffer = Buffer.alloc(0);

  /** @param isTyped whether the next message has a type; asked before each one */
  *push(chunk: Buffer, isTyped: () => boolean): Generator<PostgresMessage> {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    for (;;) {
      const typeBytes = isTyped() ? 1 : 0;
      const headBytes = typeBytes + LENGTH_BYTES;
      if (this.#rest.length < headBytes) return;
      const totalBytes = typeBytes + this.#rest.readInt32BE(typeBytes);
      if (this.#rest.length < totalBytes) return;
      const bytes = this.#rest.subarray(0, totalBytes);
      this.#rest = this.#rest.subarray(totalBytes);
      yield { type: bytes.toString('latin1', 0, typeBytes), bytes, payload: bytes.subarray(headBytes) };
    }
  }
}
