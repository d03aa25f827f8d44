import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ClientAnswer } from './client-answer.js';
import { faultAnswer } from './fault-answers.js';
import type { AnswerFault, HttpFault, ProxiedRequest } from './http-fault.js';
import { RunningAnswer, type FaultObserver } from './running-answer.js';
import { sleepUnlessAborted } from './sleep-unless-aborted.js';
import { answerTo, type PassedOn, type Upstream } from './upstream.js';

export interface ExchangeOptions {
  readonly request: ProxiedRequest;
  readonly incoming: IncomingMessage;
  readonly response: ServerResponse;
  readonly upstream: Upstream;
  /** Resets the client's connection. */
  readonly reset: () => void;
  /** Aborted when the client is gone. */
  readonly clientGone: AbortSignal;
  /** Aborted when the proxy closes. */
  readonly closing: AbortSignal;
  /** Told of the answer before any byte of it goes to the client. */
  readonly onAnswer: (answer: RunningAnswer) => void;
}

/** One request and its answer, with what goes wrong. Throws where client or API server go without being told to. */
export async function exchange(
  options: ExchangeOptions,
  fault: HttpFault | undefined,
  observer: FaultObserver,
): Promise<void> {
  const passedOn = await read(options.incoming);
  switch (fault?.kind) {
    case 'status':
      answerWith(options, fault);
      break;
    case 'reset-before':
      options.reset();
      break;
    case 'reset-after':
      await sendOnly(options, passedOn);
      options.reset();
      break;
    case 'lose-answer':
      await drain(await answerTo(options.upstream.send(passedOn, options.closing)));
      options.reset();
      break;
    case 'stall-request':
      observer.begun();
      await sleepUnlessAborted(fault.forMs, options.closing);
      observer.ended();
      return carryThrough(options, passedOn, undefined, observer);
    default:
      return carryThrough(options, passedOn, fault, observer);
  }
  observer.begun();
  observer.ended();
}

async function carryThrough(
  options: ExchangeOptions,
  passedOn: PassedOn,
  fault: AnswerFault | undefined,
  observer: FaultObserver,
): Promise<void> {
  const { request, response, upstream, reset, clientGone, closing, onAnswer } = options;
  // What a client that has given up sent long before still arrives.
  const answer = await answerTo(upstream.send(passedOn, clientGone.aborted ? closing : clientGone));
  if (clientGone.aborted) return drain(answer);
  const running = new RunningAnswer({
    answer,
    client: new ClientAnswer(answer, response, reset),
    watchedFrom: request.isWatch ? (request.query.get('resourceVersion') ?? '') : undefined,
    signal: clientGone,
  });
  onAnswer(running);
  if (fault !== undefined) running.strike(fault, observer);
  await running.carry();
}

async function read(incoming: IncomingMessage): Promise<PassedOn> {
  const { method = 'GET', url = '/', headers } = incoming;
  const chunks: Buffer[] = [];
  for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
  return { method, url, headers, body: Buffer.concat(chunks) };
}

function answerWith({ response }: ExchangeOptions, fault: Extract<HttpFault, { kind: 'status' }>): void {
  const { headers, body } = faultAnswer(fault);
  response.writeHead(fault.status, headers).end(body);
}

async function sendOnly({ upstream, closing }: ExchangeOptions, passedOn: PassedOn): Promise<void> {
  const sent = upstream.send(passedOn, closing);
  await once(sent, 'finish');
  sent.destroy();
}

async function drain(answer: IncomingMessage): Promise<void> {
  answer.resume();
  await once(answer, 'end');
}
