import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** `pass`: as if it were not there. `refuse`: resets new connections. `stall`: takes connections, moves no byte. */
export type FaultProxyMode = 'pass' | 'refuse' | 'stall';

export interface FaultProxy {
  readonly host: string;
  readonly port: number;
  /** Set it at any time. After a stall the bytes that were held back go on. */
  mode: FaultProxyMode;
  /** Resets all connections. */
  resetAll(): void;
  /** Lets this many more bytes of the target through, over all connections, and then resets the connection. Once. */
  resetAfterBytes(count: number): void;
  close(): Promise<void>;
}

export interface TcpTarget {
  readonly host: string;
  readonly port: number;
}

/** Stands before a server on TCP and breaks connections as networks do. */
export async function startTcpFaultProxy({ target }: { readonly target: TcpTarget }): Promise<FaultProxy> {
  const proxy = new TcpFaultProxy(target);
  await proxy.listen();
  return proxy;
}

class TcpFaultProxy implements FaultProxy {
  readonly host = '127.0.0.1';
  readonly #target: TcpTarget;
  readonly #sockets = new Set<Socket>();
  readonly #server = createServer({ allowHalfOpen: true }, (client) => this.#accept(client));
  #mode: FaultProxyMode = 'pass';
  #bytesUntilReset = Infinity;

  constructor(target: TcpTarget) {
    this.#target = target;
  }

  async listen(): Promise<void> {
    await once(this.#server.listen(0, this.host), 'listening');
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get mode(): FaultProxyMode {
    return this.#mode;
  }

  set mode(mode: FaultProxyMode) {
    this.#mode = mode;
    for (const socket of this.#sockets) this.#flow(socket);
  }

  resetAll(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  resetAfterBytes(count: number): void {
    this.#bytesUntilReset = count;
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.resetAll();
    await closed;
  }

  #accept(client: Socket): void {
    if (this.#mode === 'refuse') {
      client.resetAndDestroy();
      return;
    }
    const server = connect({ ...this.#target, allowHalfOpen: true });
    this.#pipe(client, server, (chunk) => chunk);
    this.#pipe(server, client, (chunk) => this.#allowed(chunk));
  }

  #pipe(from: Socket, to: Socket, allowed: (chunk: Buffer) => Buffer): void {
    this.#sockets.add(from);
    from.on('data', (chunk: Buffer) => {
      const passed = allowed(chunk);
      if (passed.length < chunk.length) to.write(passed, () => to.resetAndDestroy());
      else if (!to.write(passed)) from.pause();
    });
    to.on('drain', () => this.#flow(from));
    from.on('end', () => to.end());
    from.on('error', () => undefined);
    from.on('close', () => {
      this.#sockets.delete(from);
      if (!from.readableEnded) to.resetAndDestroy();
    });
    this.#flow(from);
  }

  #flow(socket: Socket): void {
    if (this.#mode === 'stall') socket.pause();
    else socket.resume();
  }

  #allowed(chunk: Buffer): Buffer {
    const allowed = chunk.subarray(0, Math.min(chunk.length, this.#bytesUntilReset));
    this.#bytesUntilReset = allowed.length < chunk.length ? Infinity : this.#bytesUntilReset - allowed.length;
    return allowed;
  }
}
