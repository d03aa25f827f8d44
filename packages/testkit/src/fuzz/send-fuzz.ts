import { once } from 'node:events';
import { WebSocket } from 'ws';
import { judgeAnswer, judgeHttpAnswer, type Judgement } from './judge-answer.js';

export interface FuzzTarget {
  /** Such as `http://127.0.0.1:4000`. */
  readonly address: string;
  readonly apiKey: string;
}

const ANSWER_TIMEOUT_MS = 30_000;
/** A subscription that says nothing for so long has been taken. */
const SILENCE_MS = 200;
/** A message that is none may close the socket. */
const CLOSE_CODES: ReadonlySet<number> = new Set([4400, 1007]);

export async function sendOverHttp({ address, apiKey }: FuzzTarget, body: Buffer): Promise<Judgement> {
  const response = await fetch(`${address}/graphql`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: new Uint8Array(body),
    signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
  });
  return judgeHttpAnswer(response.status, await response.text());
}

/** As the payload of `subscribe`, on a socket of its own. */
export async function sendOverSocket({ address, apiKey }: FuzzTarget, payload: Buffer): Promise<Judgement> {
  const socket = new WebSocket(`${address.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  try {
    await once(socket, 'open');
    socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${apiKey}` } }));
    await once(socket, 'message', { signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
    const judged = new Promise<Judgement>((resolve) => {
      socket.on('message', (message: Buffer) => resolve(judgeMessage(message.toString('utf8'))));
      socket.on('close', (code) => resolve(judgeClose(code)));
      setTimeout(() => resolve({ code: 'silence', wrong: undefined }), SILENCE_MS).unref();
    });
    const message = Buffer.concat([Buffer.from('{"type":"subscribe","id":"1","payload":'), payload, Buffer.from('}')]);
    socket.send(message, { binary: false });
    return await judged;
  } finally {
    socket.terminate();
  }
}

function judgeMessage(text: string): Judgement {
  const { type, payload } = JSON.parse(text) as { type: string; payload?: unknown };
  if (type === 'complete') return { code: 'ok', wrong: undefined };
  return judgeAnswer(type === 'error' ? { errors: payload } : payload);
}

function judgeClose(code: number): Judgement {
  return { code: `closed with ${code}`, wrong: CLOSE_CODES.has(code) ? undefined : `closed with ${code}` };
}
