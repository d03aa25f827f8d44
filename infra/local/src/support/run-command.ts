import { execFile } from 'node:child_process';

export interface CommandOptions {
  cwd?: string;
  /** All of the command's environment; left out, it inherits ours. */
  env?: Record<string, string | undefined>;
  signal?: AbortSignal;
  timeoutMs: number;
}

/** A command that ended with another exit code than 0, or could not be started. */
export class CommandFailed extends Error {
  override name = 'CommandFailed';

  constructor(
    command: string,
    /** What it wrote to stdout and stderr, its last 4,000 characters. */
    readonly output: string,
    cause: unknown,
  ) {
    super(`${command} failed: ${output.trim().split('\n').slice(-12).join('\n')}`, { cause });
  }
}

/** Runs a command to its end and gives its stdout; throws CommandFailed. */
export function runCommand(command: string, args: string[], options: CommandOptions): Promise<string> {
  const { timeoutMs, ...rest } = options;
  return new Promise((resolve, reject) => {
    const child = execFile(
      command,
      args,
      { ...rest, timeout: timeoutMs, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else
          reject(
            new CommandFailed(`${command} ${args[0] ?? ''}`, `${stdout}${stderr}`.slice(-4000) || error.message, error),
          );
      },
    );
    child.stdin?.end(); // Nothing may wait for input.
  });
}
