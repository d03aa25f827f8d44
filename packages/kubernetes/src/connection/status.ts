import { z } from 'zod';
import { KubernetesFault, type KubernetesFaultKind } from './fault.js';

const MAX_MESSAGE_CHARACTERS = 1024;
const MAX_RETRY_AFTER_SECONDS = 300;

/** Kubernetes' `Status` object; what does not fit is treated as absent, since a proxy may have answered instead. */
const statusSchema = z.object({
  code: z.number().optional().catch(undefined),
  reason: z.string().max(128).optional().catch(undefined),
  message: z.string().optional().catch(undefined),
  details: z
    .object({
      retryAfterSeconds: z.number().optional().catch(undefined),
      causes: z
        .array(z.object({ reason: z.string().optional() }))
        .optional()
        .catch(undefined),
    })
    .optional()
    .catch(undefined),
});

export interface RefusedAnswer {
  status: number;
  /** The body as text; any size and content. */
  unsafeBody: string;
  retryAfter: string | undefined;
  /** The call carried a Secret: the API server's message may repeat parts of it and is left out. */
  concernsSecret: boolean;
}

export function faultOfAnswer(answer: RefusedAnswer): KubernetesFault {
  const status = parseStatus(parseJson(answer.unsafeBody));
  const retryAfterSeconds =
    answer.retryAfter === undefined ? status.details?.retryAfterSeconds : Number(answer.retryAfter);
  const message = answer.concernsSecret ? undefined : status.message;
  return faultOf(answer.status, { ...status, message }, retryAfterSeconds);
}

/** The fault in an ERROR event of a watch: a `Status` object inside an answer of 200. */
export function faultOfErrorEvent(unsafeStatus: unknown): KubernetesFault {
  const status = parseStatus(unsafeStatus);
  return faultOf(status.code ?? 500, status, status.details?.retryAfterSeconds);
}

function faultOf(
  code: number,
  status: z.infer<typeof statusSchema>,
  retryAfterSeconds: number | undefined,
): KubernetesFault {
  const cause = status.details?.causes?.find((each) => each.reason === 'ResourceVersionTooLarge');
  const reason = cause?.reason ?? status.reason;
  const words = [reason ?? `HTTP ${code}`, printable(status.message ?? '')].filter((word) => word !== '');
  return new KubernetesFault(kindOf(code, status.reason), words.join(': '), {
    status: code,
    reason,
    retryAfterMs: boundedMs(retryAfterSeconds),
  });
}

function kindOf(code: number, reason: string | undefined): KubernetesFaultKind {
  switch (code) {
    case 401:
      return 'UNAUTHORIZED';
    case 403:
      return 'FORBIDDEN';
    case 404:
      return 'NOT_FOUND';
    case 409:
      return reason === 'AlreadyExists' ? 'ALREADY_EXISTS' : 'CONFLICT';
    case 410:
      return 'EXPIRED';
    case 408:
    case 504:
      return 'TIMEOUT';
    case 429:
      return 'TOO_MANY_REQUESTS';
    default:
      return code >= 400 && code < 500 ? 'INVALID' : 'SERVER_ERROR';
  }
}

function parseStatus(unsafeStatus: unknown): z.infer<typeof statusSchema> {
  const result = statusSchema.safeParse(unsafeStatus);
  return result.success ? result.data : {};
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A cluster is not trusted: its words go into messages, but not its control characters. */
function printable(text: string): string {
  return text
    .slice(0, MAX_MESSAGE_CHARACTERS)
    .replace(/\p{Cc}+/gu, ' ')
    .trim();
}

function boundedMs(seconds: number | undefined): number | undefined {
  if (seconds === undefined || !(seconds >= 0)) return undefined;
  return Math.min(seconds, MAX_RETRY_AFTER_SECONDS) * 1000;
}
