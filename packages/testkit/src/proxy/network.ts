/**
 * `pass`: as if it were not there. `refuse`: resets new connections. `stall`: takes connections, moves no byte.
 * `partition`: no byte, no end and no reset either way; new connections are taken and get no further. `half-open`: the
 * server's side of each connection is gone, also of new ones, and the client never hears of it, not even afterwards.
 */
export type FaultProxyMode = 'pass' | 'refuse' | 'stall' | 'partition' | 'half-open';

/** What lies between the clients and the server of one proxy: the same for all connections, and changes under them. */
export class Network {
  /** Each way. */
  latencyMs = 0;
  /** Of each connection, each way. */
  bytesPerSecond = Infinity;
  #mode: FaultProxyMode = 'pass';
  #changed = Promise.withResolvers<void>();

  get mode(): FaultProxyMode {
    return this.#mode;
  }

  set mode(mode: FaultProxyMode) {
    this.#mode = mode;
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }

  /** Resolves when bytes may move, ends and resets too. */
  async whenMoving(): Promise<void> {
    while (this.#mode === 'stall' || this.#mode === 'partition') await this.#changed.promise;
  }

  /** Resolves when the server can be reached. */
  async whenConnecting(): Promise<void> {
    while (this.#mode === 'partition') await this.#changed.promise;
  }
}
