import { z } from 'zod';
import type { Warning } from '../job-spec.js';
import { parseInput } from './parse-input.js';
import { splitCommand } from './split-command.js';

const SHELLS: ReadonlySet<string> = new Set(['sh', 'ash', 'bash', 'dash', 'ksh', 'zsh']);

/** A command's text together with the words it splits into. */
export const commandField = z.string().transform((text, context): { text: string; argv: readonly string[] } => {
  const split = splitCommand(text);
  if ('argv' in split) return { text, argv: split.argv };
  context.addIssue({ code: 'custom', message: split.brokenRule, continue: true });
  return z.NEVER;
});

/**
 * What a container runs for a command, and what about it may not be what was meant. An empty or blank command gives an
 * empty argv: the image's own entrypoint.
 * @throws InputRefused with the path `['command']`
 */
export function parseCommand(command: string): { argv: readonly string[]; warnings: readonly Warning[] } {
  const { argv } = parseInput(z.object({ command: commandField }), { command }).command;
  return { argv, warnings: argvWarnings(argv) };
}

/** Warns of words after `sh -c script`, which become the script's `$0, $1 …`. */
export function argvWarnings(argv: readonly string[]): readonly Warning[] {
  const scriptAt = findScript(argv);
  if (scriptAt === null || scriptAt + 1 >= argv.length) return [];
  const start = argv.slice(0, scriptAt).join(' ');
  const message =
    `${start} runs only the script ${JSON.stringify(argv[scriptAt])}; the words after it are its $0, $1 …: ` +
    `${JSON.stringify(argv.slice(scriptAt + 1))}. If they are part of the script, quote it as a whole: ${start} '…'`;
  return [{ code: 'SHELL_EXTRA_WORDS', message }];
}

/** Where the script of `sh -c script` is: the first word that is no option, if one of the options is `c`. */
function findScript(argv: readonly string[]): number | null {
  const program = argv[0]?.split('/').at(-1) ?? '';
  if (!SHELLS.has(program)) return null;
  let takesScript = false;
  for (let i = 1; i < argv.length; i += 1) {
    const option = argv[i] ?? '';
    if (!/^[-+]./.test(option)) return takesScript ? i : null;
    if (option === '--') return takesScript ? i + 1 : null;
    if (/^-[A-Za-z]*c/.test(option)) takesScript = true;
    // `-o pipefail`: the option's name is a word of its own.
    if (/^[-+][A-Za-z]*o$/.test(option)) i += 1;
  }
  return null;
}
