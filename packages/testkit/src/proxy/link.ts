import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Inspector, Verdict } from './inspector.js';
import type { Network } from './network.js';
import { paced } from './paced.js';

export interface LinkOptions {
  readonly client: Socket;
  readonly openServer: () => Socket;
  readonly network: Network;
  readonly inspector: Inspector;
}

/** One client's connection through the proxy. Holds no more than a chunk each way, so that slowness is felt at both ends. */
export class Link {
  readonly #client: Socket;
  readonly #openServer: () => Socket;
  readonly #network: Network;
  readonly #inspector: Inspector;
  #server: Socket | undefined;
  #isCut = false;

  constructor({ client, openServer, network, inspector }: LinkOptions) {
    this.#client = client;
    this.#openServer = openServer;
    this.#network = network;
    this.#inspector = inspector;
    client.on('error', () => undefined);
  }

  /** Resolves when nothing is carried any more. */
  async run(): Promise<void> {
    await this.#network.whenConnecting();
    if (this.#client.destroyed) return;
    if (this.#isCut) {
      this.#client.resume();
      return;
    }
    this.#server = this.#openServer().on('error', () => undefined);
    await Promise.all([
      this.#carry(this.#client, this.#server, (chunk) => this.#inspector.toServer(chunk)),
      this.#carry(this.#server, this.#client, (chunk) => this.#inspector.toClient(chunk)),
    ]);
  }

  /** The server's side goes; what the client sends is taken and lost. */
  cut(): void {
    this.#isCut = true;
    this.#server?.resetAndDestroy();
  }

  reset(): void {
    this.#client.resetAndDestroy();
    this.#server?.resetAndDestroy();
  }

  async #carry(from: Socket, to: Socket, inspect: (chunk: Buffer) => Verdict): Promise<void> {
    const end = await this.#carryAll(from, to, inspect);
    await this.#network.whenMoving();
    if (this.#isCut) return;
    if (end === 'ended') to.end();
    else this.reset();
  }

  async #carryAll(from: Socket, to: Socket, inspect: (chunk: Buffer) => Verdict): Promise<'ended' | 'broken'> {
    try {
      for await (const chunk of from.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
        if (this.#network.latencyMs > 0) await sleep(this.#network.latencyMs);
        const { passed, breaksOff } = inspect(chunk);
        await this.#send(to, passed);
        if (breaksOff) return 'broken';
      }
      return 'ended';
    } catch {
      return 'broken'; // Reset by its peer, or by us.
    }
  }

  async #send(to: Socket, bytes: Buffer): Promise<void> {
    for await (const slice of paced(bytes, () => this.#network.bytesPerSecond)) {
      await this.#network.whenMoving();
      if (this.#isCut) return;
      // Called back also when the other side is gone.
      await new Promise<void>((written) => to.write(slice, () => written()));
    }
  }
}
