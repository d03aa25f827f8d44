import type { ServerResponse } from 'node:http';
import type { FakeAnswer } from './fake-api-server.js';

interface LogLine {
  stampedAtMs: number;
  bytes: Buffer;
}

/** One container's log, served and followed as the kubelet does. */
export class FakeKubelet {
  readonly follows = new Set<ServerResponse>();
  /** Of the requests to come, how the next ones fail. */
  readonly failures: FakeAnswer[] = [];
  finished = false;
  /** Follows notice nothing of what is written: they stay at the end of a rotated file. */
  isStuck = false;
  #lines: LogLine[] = [];
  #clockMs = Date.parse('2026-11-23T10:00:00Z');

  readonly answer: FakeAnswer = (request, response) => {
    const failure = this.failures.shift();
    if (failure !== undefined) return failure(request, response);
    response.writeHead(200, { 'content-type': 'text/plain' });
    response.flushHeaders();
    response.write(this.read(request.query));
    if (request.query.get('follow') !== 'true' || this.finished) return void response.end();
    this.follows.add(response);
    response.once('close', () => this.follows.delete(response));
  };

  /** What the file holds of it. */
  read(query: URLSearchParams): Buffer {
    const sinceMs = Date.parse(query.get('sinceTime') ?? '1970-01-01T00:00:00Z');
    const lines = this.#lines.filter(({ stampedAtMs }) => stampedAtMs >= sinceMs);
    return Buffer.concat(lines.map(({ bytes }) => bytes)).subarray(0, Number(query.get('limitBytes') ?? Infinity));
  }

  /** A line, 100 ms after the one before; `end` is empty for a last line without newline. */
  write(text: string, end = '\n'): void {
    this.#clockMs += 100;
    const stamp = new Date(this.#clockMs).toISOString().replace('Z', '000000Z');
    const line = { stampedAtMs: this.#clockMs, bytes: Buffer.from(`${stamp} ${text}${end}`) };
    this.#lines.push(line);
    if (!this.isStuck) for (const follow of this.follows) follow.write(line.bytes);
  }

  /** To the last line, which has no newline yet. */
  append(text: string): void {
    const last = this.#lines.at(-1);
    if (last !== undefined) last.bytes = Buffer.concat([last.bytes, Buffer.from(text)]);
  }

  /** Begins a new file; follows go on in it. */
  rotate(): void {
    this.#lines = [];
  }

  reset(): void {
    for (const follow of this.follows) follow.destroy();
    // Not as they close: then nobody could tell when they are followed again.
    this.follows.clear();
  }

  /** The container ends: the kubelet closes its streams, whoever asks knows it from `finished`. */
  finish(): void {
    this.finished = true;
    for (const follow of this.follows) follow.end();
  }
}
