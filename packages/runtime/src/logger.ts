import { pino, type DestinationStream, type LogFn, type Logger } from 'pino';
import { errorText } from './error-text.js';

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
 * @param name the service
 * @param destination where lines go instead of stdout
 */
export function createLogger(name: string, destination?: DestinationStream): Logger {
  const options = {
    name,
    redact: { paths: redactedPaths, censor: '[redacted]' },
    serializers: { error: toLoggedError, err: toLoggedError },
    hooks: { logMethod },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }), bindings: () => ({ pid: process.pid, name }) },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
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
