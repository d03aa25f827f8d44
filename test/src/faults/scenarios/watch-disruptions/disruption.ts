import type { AnswerFault, HttpFault } from '@ccluster/testkit';

import type { Random } from '../../random.js';

/** What the watcher keeps a watch of in each cluster. */
export const STREAMS = ['pods', 'jobs', 'events', 'nodes'] as const;
export type Stream = (typeof STREAMS)[number];

export interface Disruption {
  /** For the figures. */
  readonly name: string;
  readonly streams: readonly Stream[];
  /** Strikes the running watch of each. */
  readonly running: AnswerFault;
  /** Strikes the next request to one of the streams, so that opening a watch again fails too. */
  readonly next?: { readonly fault: HttpFault; readonly isWatch: boolean };
  /** The watch cannot go on after it. */
  readonly breaksWatch: boolean;
}

type Choice = (random: Random) => Omit<Disruption, 'name'>;

const RESET: AnswerFault = { kind: 'cut-body', afterBytes: 0 };
/** Those of which something comes all the time. */
const BUSY: readonly Stream[] = ['pods', 'jobs'];
const ANY: readonly (readonly Stream[])[] = [['pods'], ['pods'], ['jobs'], ['jobs'], ['events'], ['nodes'], STREAMS];

const CHOICES: Readonly<Record<string, Choice>> = {
  reset: breaking(() => RESET),
  'half-open, then reset': breaking((random) => ({ kind: 'half-open', forMs: random.between(300, 3_000) })),
  'clean close': breaking(() => ({ kind: 'early-close', afterMs: 0 })),
  '410 in the stream': breaking(() => ({ kind: 'expired-event' })),
  'reset inside an event': ofEvents((random) => ({ kind: 'cut-body', afterBytes: random.between(1, 3_000) })),
  'reset inside a character': ofEvents(() => ({ kind: 'cut-body', afterBytes: 1, insideCharacter: true })),
  'damaged event': ofEvents(() => ({ kind: 'damaged-line' })),
  'reordered events': ofEvents(() => ({ kind: 'reordered-lines' })),
  'duplicated event': (random) => ({ ...ofEvents(() => ({ kind: 'duplicated-line' }))(random), breaksWatch: false }),
  stall: lasting((random) => ({ kind: 'stall', forMs: random.between(200, 2_000) })),
  'only bookmarks': lasting((random) => ({ kind: 'only-bookmarks', forMs: random.between(200, 2_000) })),
  'slow body': lasting((random) => ({ kind: 'slow-body', bytesPerSecond: 5_000, forMs: random.between(200, 2_000) })),
  'close in less than a second': reopening(true, (random) => ({
    kind: 'early-close',
    afterMs: random.between(0, 900),
  })),
  'HTTP 410': reopening(true, () => ({ kind: 'status', status: 410, body: 'kubernetes' })),
  'HTTP 429': reopening(true, () => ({ kind: 'status', status: 429, retryAfterSeconds: 1, body: 'kubernetes' })),
  'HTTP 500': reopening(false, () => ({ kind: 'status', status: 500, body: 'bare' })),
  'HTTP 503': reopening(true, () => ({ kind: 'status', status: 503, body: 'kubernetes' })),
  'HTTP 504': reopening(false, () => ({ kind: 'status', status: 504, body: 'bare' })),
  'reset request': reopening(false, () => ({ kind: 'reset-before' })),
  'lost answer': reopening(false, () => ({ kind: 'lose-answer' })),
  'late request': reopening(true, (random) => ({ kind: 'stall-request', forMs: random.between(200, 2_000) })),
};

/** Any of them is as likely as any other. */
export function chooseDisruption(random: Random): Disruption {
  const [name, choose] = random.pick(Object.entries(CHOICES));
  return { name, ...choose(random) };
}

/** Of any watch, or of all watches of a cluster at once. */
function breaking(running: (random: Random) => AnswerFault): Choice {
  return (random) => ({ streams: random.pick(ANY), running: running(random), breaksWatch: true });
}

function lasting(running: (random: Random) => AnswerFault): Choice {
  return (random) => ({ streams: random.pick(ANY), running: running(random), breaksWatch: false });
}

/** Those that wait for something to come. */
function ofEvents(running: (random: Random) => AnswerFault): Choice {
  return (random) => ({ streams: [random.pick(BUSY)], running: running(random), breaksWatch: true });
}

/** A reset, and then the next request fails: to watch again, or to find out what was missed. */
function reopening(isWatch: boolean, fault: (random: Random) => HttpFault): Choice {
  return (random) => ({
    streams: [random.pick(STREAMS)],
    running: RESET,
    next: { fault: fault(random), isWatch },
    breaksWatch: true,
  });
}
