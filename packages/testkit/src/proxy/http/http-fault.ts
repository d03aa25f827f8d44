/** What a client asks of an API server, as far as a choice of faults needs to know. */
export interface ProxiedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly isWatch: boolean;
  /** Of a pod's log. */
  readonly isLog: boolean;
}

/** What may go wrong with one request. Durations of Infinity last until the client gives up. */
export type HttpFault =
  /** Answered by the proxy, as an API server does or with the bare page of something before it; not passed on. */
  | {
      readonly kind: 'status';
      readonly status: 410 | 429 | 500 | 503 | 504;
      readonly retryAfterSeconds?: number;
      readonly body: 'kubernetes' | 'bare';
    }
  /** Reset, and not passed on. */
  | { readonly kind: 'reset-before' }
  /** Passed on and reset at the same time: it may or may not have taken effect. */
  | { readonly kind: 'reset-after' }
  /** Passed on, the whole answer waited for, and reset: it took effect, and the client cannot know. */
  | { readonly kind: 'lose-answer' }
  /** Passed on only after this time, also when the client has given up long before. */
  | { readonly kind: 'stall-request'; readonly forMs: number }
  | AnswerFault;

/** What may go wrong with an answer, also with one that is on its way already. */
export type AnswerFault =
  /** No byte for this long; the rest comes afterwards. */
  | { readonly kind: 'stall'; readonly forMs: number }
  /** The API server's side is gone, and the client hears nothing of it for this long, and then a reset. */
  | { readonly kind: 'half-open'; readonly forMs: number }
  /** For this long. */
  | { readonly kind: 'slow-body'; readonly bytesPerSecond: number; readonly forMs: number }
  /** Reset after so many more bytes of the body, 0: at once. `insideCharacter`: at the next place inside of one. */
  | { readonly kind: 'cut-body'; readonly afterBytes: number; readonly insideCharacter?: boolean }
  | WatchFault;

/** What may go wrong with a watch only. Those of lines wait for the next line. */
type WatchFault =
  | LineFault
  /** Ends in good order, as API servers end watches, but after this time. */
  | { readonly kind: 'early-close'; readonly afterMs: number }
  /** An ERROR event in the stream: the version that the watch began at is too old. */
  | { readonly kind: 'expired-event' }
  /** Events are held back for this long, while bookmarks say that all is well. */
  | { readonly kind: 'only-bookmarks'; readonly forMs: number };

export type LineFault =
  /** Half of the line comes. */
  | { readonly kind: 'damaged-line' }
  | { readonly kind: 'duplicated-line' }
  /** The next two change places. */
  | { readonly kind: 'reordered-lines' };

/** The name under which it is counted. */
export function countedAs(fault: HttpFault): string {
  return fault.kind === 'status' ? `status-${fault.status}` : fault.kind;
}

export function parseProxiedRequest(method: string, url: string): ProxiedRequest {
  const { pathname, searchParams } = new URL(url, 'https://proxy');
  const isWatch = ['true', '1'].includes(searchParams.get('watch') ?? '');
  return { method, path: pathname, query: searchParams, isWatch, isLog: pathname.endsWith('/log') };
}
