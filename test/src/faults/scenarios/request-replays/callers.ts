import { setTimeout as sleep } from 'node:timers/promises';

import type { CreateJobInput } from '@ccluster/client';

import type { Random } from '../../random.js';
import { sendRequest, type RequestOutcome } from './send-request.js';

/** Of the requests, those whose caller hangs up before an answer can be there. */
const IMPATIENT_SHARE = 0.1;
const IMPATIENCE_MS = [1, 40] as const;
const PATIENCE_MS = 10_000;
const RETRY_MS = 100;
const GIVE_UP_MS = 120_000;

export interface CallerOptions {
  /** Of the apis, some behind proxies. */
  readonly addresses: readonly string[];
  readonly apiKey: string;
  readonly callers: number;
  readonly random: Random;
  readonly signal: AbortSignal;
}

export interface Call {
  readonly input: CreateJobInput;
  readonly onOutcome: (outcome: Exclude<RequestOutcome, { kind: 'UNANSWERED' }>) => void;
}

export interface CallCounts {
  answered: number;
  /** The caller hung up, the connection broke, or the api failed: sent again, elsewhere. */
  unanswered: number;
}

/** Makes all calls, so many at a time, each until it is answered. */
export async function makeCalls(calls: readonly Call[], options: CallerOptions): Promise<CallCounts> {
  const counts = { answered: 0, unanswered: 0 };
  let next = 0;
  const work = async (caller: number): Promise<void> => {
    const random = options.random.fork(`caller ${caller}`);
    for (let call = calls[next++]; call !== undefined; call = calls[next++]) {
      await makeCall(call, options, random, counts);
    }
  };
  await Promise.all(Array.from({ length: options.callers }, (_, caller) => work(caller)));
  return counts;
}

async function makeCall(
  { input, onOutcome }: Call,
  { addresses, apiKey, signal }: CallerOptions,
  random: Random,
  counts: CallCounts,
): Promise<void> {
  for (const untilMs = performance.now() + GIVE_UP_MS; performance.now() < untilMs;) {
    signal.throwIfAborted();
    const patienceMs = random.next() < IMPATIENT_SHARE ? random.between(...IMPATIENCE_MS) : PATIENCE_MS;
    const outcome = await sendRequest(random.pick(addresses), apiKey, input, patienceMs);
    if (outcome.kind !== 'UNANSWERED') {
      counts.answered += 1;
      onOutcome(outcome);
      return;
    }
    counts.unanswered += 1;
    await sleep(RETRY_MS);
  }
  throw new Error('A request was not answered for two minutes');
}
