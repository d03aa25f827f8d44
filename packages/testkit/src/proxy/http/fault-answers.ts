import type { HttpFault } from './http-fault.js';

type StatusFault = Extract<HttpFault, { kind: 'status' }>;

const REASONS = {
  410: 'Expired',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'ServiceUnavailable',
  504: 'Timeout',
} as const;

export interface FaultAnswer {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export function faultAnswer({ status, retryAfterSeconds, body }: StatusFault): FaultAnswer {
  const retryAfter = retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
  return body === 'bare'
    ? { headers: { ...retryAfter, 'content-type': 'text/html' }, body: `<html><h1>${status}</h1></html>\n` }
    : {
        headers: { ...retryAfter, 'content-type': 'application/json' },
        body: JSON.stringify(statusObject(status, retryAfterSeconds)),
      };
}

/** Kubernetes' own body of a refusal. */
export function statusObject(code: StatusFault['status'], retryAfterSeconds?: number): Record<string, unknown> {
  const message = code === 410 ? 'too old resource version: 1 (2)' : 'made by the fault proxy';
  const rest = { message, reason: REASONS[code], details: { retryAfterSeconds }, code };
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', ...rest };
}
