import { followLog } from '../logs/log-stream.js';
import type { LogPosition } from '../logs/log-position.js';
import { type FakeApiServer, startFakeApiServer } from './fake-api-server.js';
import { FakeKubelet } from './fake-kubelet.js';

const quiet = { info: () => undefined, warn: () => undefined };

/** The log of a fake kubelet, as it is followed. */
export class FollowedLog {
  readonly kubelet = new FakeKubelet();
  /** What came, gaps by their code. */
  readonly lines: string[] = [];
  position: LogPosition | undefined;
  /** Time goes on by so much whenever somebody looks. */
  tickMs = 0;
  nowMs = 0;
  readonly #stopping = new AbortController();
  #server: FakeApiServer | undefined;

  async follow(): Promise<void> {
    this.#server ??= await startFakeApiServer(this.kubelet.answer);
    const log = followLog({
      connection: this.#server.connection,
      namespace: 'n',
      pod: 'p',
      container: 'main',
      position: this.position,
      isContainerFinished: () => this.kubelet.finished,
      nowMs: () => (this.nowMs += this.tickMs),
      random: () => 0,
      signal: this.#stopping.signal,
      log: quiet,
    });
    for await (const { pieces, position } of log) {
      for (const piece of pieces) this.lines.push(piece.kind === 'line' ? piece.bytes.toString() : piece.code);
      this.position = position;
    }
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#server?.stop();
  }
}
