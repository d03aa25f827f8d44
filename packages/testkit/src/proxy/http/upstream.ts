import { once } from 'node:events';
import type { ClientRequest, IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import type { ApiServerAccess } from './proxied-kubeconfig.js';

/** Of one connection, and so none of the other's business; a compressed body could not be cut inside a character. */
const HOP_BY_HOP = ['connection', 'keep-alive', 'transfer-encoding', 'host', 'accept-encoding'];

export interface PassedOn {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** The real API server, over connections that are kept for the next request. */
export class Upstream {
  readonly #access: ApiServerAccess;
  readonly #agent = new Agent({ keepAlive: true });

  constructor(access: ApiServerAccess) {
    this.#access = access;
  }

  /** Sends a request; its errors come from `answerTo`. */
  send({ method, url, headers, body }: PassedOn, signal: AbortSignal): ClientRequest {
    const { server, ca, cert, key, servername } = this.#access;
    const sent = request(new URL(url, server), {
      agent: this.#agent,
      method,
      headers: { ...endToEnd(headers), ...(body.length > 0 && { 'content-length': body.length }) },
      signal,
      ...withoutAbsent({ ca, cert, key, servername }),
    });
    sent.on('error', () => undefined);
    sent.end(body);
    return sent;
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** The head of an answer; its body is read from it. */
export async function answerTo(sent: ClientRequest): Promise<IncomingMessage> {
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  return answer;
}

export function endToEnd(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.includes(name)));
}

function withoutAbsent(fields: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).filter((field): field is [string, string] => field[1] !== undefined),
  );
}
