import { pino, type DestinationStream, type LogFn, type Logger } from 'pino';
import { errorText } from './error-text.js';
import { traceFields } from './tracing/trace-fields.js';

export type { Logger } from 'pino';

const SECRET_FIELDS = [
  'authorization',
  'cookie',
  'password',
  'token',
  'secret',
  'secrets',
  'credentials',
  'kubeconfig',
  'apiKey',
  'databaseUrl',
  'redisUrl',
];

/** Secrets are not to be logged at all; this catches the slip, down to two objects deep. */
const redactedPaths = SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]);

/**
 * A logger that writes one JSON object a line to stdout. Errors go into the field `error` and are written as
 * `errorText` and the stack's frames: never their other fields, which may hold parameters, bodies or command arguments.
 * Lines written within a trace name it.
 * @param name the service
 * @param destination where lines go instead of stdout
 */
export function createLogger(name: string, destination: DestinationStream = stdout()): Logger {
  const options = {
    base: { pid: process.pid, name },
    redact: { paths: redactedPaths, censor: '[redacted]' },
    serializers: { error: toLoggedError, err: toLoggedError },
    hooks: { logMethod },
    mixin: traceFields,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return pino(options, destination);
}

/** Written at once: the last lines before an exit are the ones that matter, and in their order. */
function stdout(): DestinationStream {
  return pino.destination({ fd: 1, sync: true });
}

/** pino would take the whole message of an error that is logged alone. */
function logMethod(this: Logger, [first, ...rest]: Parameters<LogFn>, log: LogFn): void {
  const unknownFirst: unknown = first;
  if (unknownFirst instanceof Error) log.call(this, { error: unknownFirst }, errorText(unknownFirst));
  else log.call(this, first, ...rest);
}

function toLoggedError(error: unknown) {
  const stack = error instanceof Error ? frames(error) : [];
  return { message: errorText(error), ...(stack.length > 0 ? { stack } : {}) };
}

function frames(error: Error): string[] {
  const lines = error.stack?.split('\n') ?? [];
  return lines.filter((line) => line.startsWith('    at ')).map((line) => line.trim());
}
