import { statusObject } from './fault-answers.js';

interface UnsafeObject {
  readonly kind?: string;
  readonly apiVersion?: string;
  readonly metadata?: { readonly resourceVersion?: string };
}

/** The line with which an API server ends a watch whose place in history it has forgotten. */
export function expiredEventLine(): Buffer {
  return lineOf('ERROR', statusObject(410));
}

/**
 * A line that says: nothing has happened since `lastLine`.
 * @param watchedFrom the resource version at which the watch began
 */
export function bookmarkLine(lastLine: Buffer | undefined, watchedFrom: string): Buffer {
  const { kind, apiVersion, metadata } = objectOf(lastLine);
  const resourceVersion = metadata?.resourceVersion ?? watchedFrom;
  return lineOf('BOOKMARK', { kind, apiVersion, metadata: { resourceVersion, creationTimestamp: null } });
}

function lineOf(type: string, object: unknown): Buffer {
  return Buffer.from(`${JSON.stringify({ type, object })}\n`);
}

/** Of a damaged line nothing: the bookmark is then older than need be, which claims nothing wrong. */
function objectOf(line: Buffer | undefined): UnsafeObject {
  try {
    return (JSON.parse(String(line)) as { object?: UnsafeObject }).object ?? {};
  } catch {
    return {};
  }
}
