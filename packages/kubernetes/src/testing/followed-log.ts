import { vi } from 'vitest';
import { followLog, type FollowLogOptions } from '../logs/log-stream.js';
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
  readonly stopping = new AbortController();
  #server: FakeApiServer | undefined;

  /** The server that the kubelet answers behind; started by whoever needs it first. */
  async server(): Promise<FakeApiServer> {
    return (this.#server ??= await startFakeApiServer(this.kubelet.answer));
  }

  async options(): Promise<FollowLogOptions> {
    const { connection } = await this.server();
    return {
      connection,
      namespace: 'n',
      pod: 'p',
      container: 'main',
      position: this.position,
      isContainerFinished: () => this.kubelet.finished,
      nowMs: () => (this.nowMs += this.tickMs),
      random: () => 0,
      signal: this.stopping.signal,
      log: quiet,
    };
  }

  /** Goes on where an earlier one stopped. */
  async follow(signal = this.stopping.signal): Promise<void> {
    for await (const { pieces, position } of followLog({ ...(await this.options()), signal })) {
      for (const piece of pieces) this.lines.push(piece.kind === 'line' ? piece.bytes.toString() : piece.code);
      this.position = position;
    }
  }

  async untilFollowed(): Promise<void> {
    await vi.waitUntil(() => this.kubelet.follows.size === 1, { timeout: 10_000, interval: 2 });
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.#server?.stop();
  }
}
