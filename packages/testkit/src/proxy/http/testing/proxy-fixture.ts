import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, request, type RequestOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { parse, stringify } from 'yaml';
import { startHttpFaultProxy, type HttpFaultProxy } from '../http-fault-proxy.js';
import type { HttpFault } from '../http-fault.js';
import { createServingCertificate } from '../serving-certificate.js';

type Answer = (incoming: IncomingMessage, response: ServerResponse, body: string) => void;

interface AskOptions extends RequestOptions {
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Given {
  readonly message: IncomingMessage;
  readonly text: () => string;
  /** Resolves with the error's code, or undefined when it came to an end in good order. */
  readonly end: Promise<string | undefined>;
}

/** A proxy before a server on HTTPS that answers as a test says and remembers what it was asked. */
export class ProxyFixture {
  readonly asked: string[] = [];
  readonly ended: string[] = [];
  proxy!: HttpFaultProxy;
  answer: Answer = (_, response, body) => void response.end(`got ${body}`);
  readonly #first: HttpFault[];
  #stopServer!: () => Promise<void>;

  private constructor(first: HttpFault[]) {
    this.#first = first;
  }

  /** With these faults for the first requests. */
  static async start(...first: HttpFault[]): Promise<ProxyFixture> {
    const fixture = new ProxyFixture(first);
    await fixture.#start();
    return fixture;
  }

  async stop(): Promise<void> {
    await this.proxy.close();
    await this.#stopServer();
  }

  /** Asks by way of the proxy, as its kubeconfig says. Rejects where no head of an answer comes. */
  async ask(path: string, options: AskOptions = {}, body = ''): Promise<Given> {
    const { server, ca } = clusterOf(this.proxy.kubeconfigText);
    const headers = { ...options.headers, 'content-length': body.length };
    const sent = request(new URL(path, server), { ca, ...options, headers }).on('error', () => undefined);
    sent.end(body);
    const [message] = (await once(sent, 'response')) as [IncomingMessage];
    const chunks: Buffer[] = [];
    message.on('data', (chunk: Buffer) => chunks.push(chunk));
    const end = once(message, 'end').then(
      () => undefined,
      (error: NodeJS.ErrnoException) => error.code,
    );
    return { message, text: () => Buffer.concat(chunks).toString(), end };
  }

  /** Asks to watch from version 7, and gives the watch with a way for the server to say more. */
  async watch(): Promise<Given & { readonly say: (text: string) => void }> {
    let response: ServerResponse | undefined;
    this.answer = (_, answer) => {
      response = answer;
      answer.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
    };
    const given = await this.ask('/api/v1/pods?watch=true&resourceVersion=7');
    return { ...given, say: (text) => response?.write(text) };
  }

  async #start(): Promise<void> {
    const { certificate, key } = await createServingCertificate('127.0.0.1');
    const server = createServer({ cert: certificate, key }, (incoming, response) => {
      void this.#answer(incoming, response).catch(() => response.destroy());
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    this.#stopServer = async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    };
    this.proxy = await startHttpFaultProxy({
      kubeconfigText: kubeconfigOf((server.address() as AddressInfo).port, certificate),
      decide: () => this.#first.shift(),
      onFaultEnd: ({ kind }, { path }) => this.ended.push(`${kind} ${path}`),
    });
  }

  async #answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    this.asked.push(`${incoming.method} ${incoming.url} ${body}`.trim());
    this.answer(incoming, response, body);
  }
}

function kubeconfigOf(port: number, certificate: string): string {
  const ca = Buffer.from(certificate).toString('base64');
  const cluster = { server: `https://127.0.0.1:${port}/`, 'certificate-authority-data': ca };
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'main',
    contexts: [{ name: 'main', context: { cluster: 'east', user: 'me' } }],
    clusters: [{ name: 'east', cluster }],
    users: [{ name: 'me', user: { token: 'secret' } }],
  });
}

function clusterOf(kubeconfigText: string): { readonly server: string; readonly ca: Buffer } {
  const { clusters } = parse(kubeconfigText) as {
    clusters: [{ cluster: { server: string; 'certificate-authority-data': string } }];
  };
  const [{ cluster }] = clusters;
  return { server: cluster.server, ca: Buffer.from(cluster['certificate-authority-data'], 'base64') };
}
