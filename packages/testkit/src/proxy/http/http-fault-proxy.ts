import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { exchange } from './exchange.js';
import { countedAs, parseProxiedRequest, type AnswerFault, type HttpFault, type ProxiedRequest } from './http-fault.js';
import { parseApiServerAccess, withServer } from './proxied-kubeconfig.js';
import type { FaultObserver, RunningAnswer } from './running-answer.js';
import { createServingCertificate, type ServingCertificate } from './serving-certificate.js';
import { Upstream } from './upstream.js';

const HOST = '127.0.0.1';

export interface HttpFaultProxyOptions {
  /** Its certificates inline. A client certificate in it is the proxy's to show; a token is passed on. */
  readonly kubeconfigText: string;
  /** Asked once for each request; what strikes an answer that runs already is `strike`. */
  readonly decide?: (request: ProxiedRequest) => HttpFault | undefined;
  /**
   * Told when a fault is over: from then on the client can have everything, if it asks again. Not told of a fault that
   * did not happen, because the answer ended before.
   */
  readonly onFaultEnd?: (fault: HttpFault, request: ProxiedRequest) => void;
}

export interface HttpFaultProxy {
  /** The given one, by way of this proxy. */
  readonly kubeconfigText: string;
  /** Faults that happened, by kind ("reset-before", "status-503"). */
  readonly counts: Readonly<Record<string, number>>;
  /** Strikes each running answer that matches; a watch's faults only watches. Returns how many. */
  strike(fault: AnswerFault, matches: (request: ProxiedRequest) => boolean): number;
  close(): Promise<void>;
}

/** Stands before an API server on HTTPS, and breaks requests, answers, watches and logs as told. */
export async function startHttpFaultProxy(options: HttpFaultProxyOptions): Promise<HttpFaultProxy> {
  const certificate = await createServingCertificate(HOST);
  const proxy = new RunningProxy(options, certificate);
  await proxy.listen();
  return proxy;
}

class RunningProxy implements HttpFaultProxy {
  readonly counts: Record<string, number> = {};
  readonly #options: HttpFaultProxyOptions;
  readonly #certificate: ServingCertificate;
  readonly #upstream: Upstream;
  readonly #server: Server;
  /** Under TLS, by the client's port: only these can be reset. */
  readonly #sockets = new Map<number | undefined, Socket>();
  readonly #answers = new Map<RunningAnswer, ProxiedRequest>();
  readonly #closing = new AbortController();

  constructor(options: HttpFaultProxyOptions, certificate: ServingCertificate) {
    this.#options = options;
    this.#certificate = certificate;
    this.#upstream = new Upstream(parseApiServerAccess(options.kubeconfigText));
    this.#server = createServer({ cert: certificate.certificate, key: certificate.key, requestTimeout: 0 });
    this.#server.keepAliveTimeout = 0;
    this.#server.on('connection', (socket: Socket) => this.#keep(socket));
    this.#server.on('request', (incoming, response) => void this.#serve(incoming, response));
  }

  async listen(): Promise<void> {
    await once(this.#server.listen(0, HOST), 'listening');
  }

  get kubeconfigText(): string {
    const { port } = this.#server.address() as AddressInfo;
    return withServer(this.#options.kubeconfigText, `https://${HOST}:${port}`, this.#certificate.certificate);
  }

  strike(fault: AnswerFault, matches: (request: ProxiedRequest) => boolean): number {
    const struck = [...this.#answers].filter(([, request]) => matches(request) && concerns(fault, request));
    for (const [answer, request] of struck) answer.strike(fault, this.#observer(fault, request));
    return struck.length;
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#closing.abort();
    this.#server.close();
    for (const socket of this.#sockets.values()) socket.destroy();
    await closed;
    this.#upstream.close();
  }

  #keep(socket: Socket): void {
    const { remotePort } = socket;
    this.#sockets.set(remotePort, socket);
    socket.once('close', () => this.#sockets.delete(remotePort));
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = parseProxiedRequest(incoming.method ?? 'GET', incoming.url ?? '/');
    const fault = this.#options.decide?.(request);
    const clientGone = new AbortController();
    const socket = this.#sockets.get(incoming.socket.remotePort);
    response.on('error', () => undefined).once('close', () => clientGone.abort());
    let running: RunningAnswer | undefined;
    try {
      await exchange(
        {
          request,
          incoming,
          response,
          upstream: this.#upstream,
          reset: () => socket?.resetAndDestroy(),
          clientGone: clientGone.signal,
          closing: this.#closing.signal,
          onAnswer: (answer) => {
            running = answer;
            this.#answers.set(answer, request);
          },
        },
        fault,
        this.#observer(fault, request),
      );
    } catch {
      socket?.resetAndDestroy();
    } finally {
      if (running !== undefined) this.#answers.delete(running);
    }
  }

  #observer(fault: HttpFault | undefined, request: ProxiedRequest): FaultObserver {
    return {
      begun: () => {
        if (fault !== undefined) this.counts[countedAs(fault)] = (this.counts[countedAs(fault)] ?? 0) + 1;
      },
      ended: () => {
        if (fault !== undefined) this.#options.onFaultEnd?.(fault, request);
      },
    };
  }
}

function concerns(fault: AnswerFault, { isWatch }: ProxiedRequest): boolean {
  return isWatch || ['stall', 'half-open', 'slow-body', 'cut-body'].includes(fault.kind);
}
