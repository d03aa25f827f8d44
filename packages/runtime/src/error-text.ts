const MAX_CAUSES = 5;
const MAX_MESSAGE_LENGTH = 300;

/**
 * One line about an unknown error and its causes, safe to log and to show: the first line of each message only, since
 * database errors carry parameters and HTTP errors carry bodies below it, and no credentials of URLs.
 */
export function errorText(error: unknown): string {
  const parts: string[] = [];
  for (let current = error; current !== undefined && parts.length < MAX_CAUSES; current = causeOf(current)) {
    parts.push(describe(current));
  }
  return parts.join(', caused by ');
}

function causeOf(error: unknown): unknown {
  if (!(error instanceof Error)) return undefined;
  // AggregateError (a failed connect tries several addresses): the first one tells as much as all.
  return error.cause ?? (error instanceof AggregateError ? error.errors[0] : undefined);
}

function describe(error: unknown): string {
  if (typeof error === 'string') return firstLine(error);
  if (!(error instanceof Error)) return `a thrown ${error === null ? 'null' : typeof error}`;
  const code = 'code' in error && typeof error.code === 'string' ? ` [${firstLine(error.code)}]` : '';
  const message = firstLine(error.message);
  return message === '' ? `${error.name}${code}` : `${error.name}${code}: ${message}`;
}

function firstLine(text: string): string {
  const line = (text.split('\n', 1)[0] ?? '').trim().replaceAll(/:\/\/[^\s/@]+@/g, '://…@');
  return line.length > MAX_MESSAGE_LENGTH ? `${line.slice(0, MAX_MESSAGE_LENGTH)}…` : line;
}
