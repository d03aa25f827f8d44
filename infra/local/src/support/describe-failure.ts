/** An error for people: its message and those of its causes, without stack traces. */
export function describeFailure(error: unknown): string {
  const lines: string[] = [];
  let cause = error;
  while (cause instanceof Error) {
    lines.push(cause.message);
    cause = cause.cause;
  }
  if (lines.length === 0) lines.push(`not an error: ${JSON.stringify(error)}`);
  return lines.map((line, depth) => (depth === 0 ? `✗ ${line}` : `  because: ${line}`)).join('\n');
}
