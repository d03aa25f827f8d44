import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { passing, type Inspector, type Verdict } from './inspector.js';
import { Link } from './link.js';
import { Network, type FaultProxyMode } from './network.js';

export interface FaultProxy {
  readonly host: string;
  readonly port: number;
  /** Set it at any time. After a stall or a partition the bytes that were held back go on. */
  mode: FaultProxyMode;
  /** Each way; 0 by default. A connection then carries no more than about 64 KiB in this time. */
  latencyMs: number;
  /** Of each connection, each way; Infinity by default. */
  bytesPerSecond: number;
  /** The same URL, by way of this proxy. */
  through(url: string): string;
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

export interface TcpFaultProxyOptions {
  readonly target: TcpTarget;
  /** For each connection a new one: of a protocol that the proxy is to know more of. */
  readonly inspect?: () => Inspector;
}

/** Stands before a server on TCP and breaks connections as networks do. */
export async function startTcpFaultProxy({ target, inspect }: TcpFaultProxyOptions): Promise<FaultProxy> {
  const proxy = new TcpFaultProxy(target, inspect ?? (() => ({ toServer: passing, toClient: passing })));
  await proxy.listen();
  return proxy;
}

class TcpFaultProxy implements FaultProxy {
  readonly host = '127.0.0.1';
  readonly #target: TcpTarget;
  readonly #inspect: () => Inspector;
  readonly #network = new Network();
  readonly #links = new Set<Link>();
  readonly #server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => this.#accept(client));
  #bytesUntilReset = Infinity;

  constructor(target: TcpTarget, inspect: () => Inspector) {
    this.#target = target;
    this.#inspect = inspect;
  }

  async listen(): Promise<void> {
    await once(this.#server.listen(0, this.host), 'listening');
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get mode(): FaultProxyMode {
    return this.#network.mode;
  }

  set mode(mode: FaultProxyMode) {
    if (mode === 'half-open') for (const link of this.#links) link.cut();
    this.#network.mode = mode;
  }

  get latencyMs(): number {
    return this.#network.latencyMs;
  }

  set latencyMs(latencyMs: number) {
    this.#network.latencyMs = latencyMs;
  }

  get bytesPerSecond(): number {
    return this.#network.bytesPerSecond;
  }

  set bytesPerSecond(bytesPerSecond: number) {
    this.#network.bytesPerSecond = bytesPerSecond;
  }

  through(url: string): string {
    const proxied = new URL(url);
    proxied.hostname = this.host;
    proxied.port = String(this.port);
    return proxied.href;
  }

  resetAll(): void {
    for (const link of this.#links) link.reset();
  }

  resetAfterBytes(count: number): void {
    this.#bytesUntilReset = count;
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.resetAll();
    this.#network.mode = 'refuse'; // Whatever waits for better times goes on, and ends.
    await closed;
  }

  #accept(client: Socket): void {
    if (this.mode === 'refuse') {
      client.resetAndDestroy();
      return;
    }
    const inspector = this.#inspect();
    const link = new Link({
      client,
      openServer: () => connect({ ...this.#target, allowHalfOpen: true, noDelay: true }),
      network: this.#network,
      inspector: {
        toServer: (chunk) => inspector.toServer(chunk),
        toClient: (chunk) => this.#allowed(inspector.toClient(chunk)),
      },
    });
    this.#links.add(link);
    if (this.mode === 'half-open') link.cut();
    client.once('close', () => this.#links.delete(link));
    void link.run();
  }

  #allowed(verdict: Verdict): Verdict {
    const { passed } = verdict;
    const allowed = passed.subarray(0, Math.min(passed.length, this.#bytesUntilReset));
    const isCutShort = allowed.length < passed.length;
    this.#bytesUntilReset = isCutShort ? Infinity : this.#bytesUntilReset - allowed.length;
    return isCutShort ? { passed: allowed, breaksOff: true } : verdict;
  }
}
