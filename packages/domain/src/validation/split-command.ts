import { countBytes, isStorable, STORABLE_RULE } from './text.js';

const MAX_BYTES = 64 * 1024;

/** One piece after the other, with nothing between: where none fits, a quote is open or a backslash is last. */
const PIECE =
  /(?<blank>[ \t\r\n]+)|'(?<single>[^']*)'|"(?<double>(?:[^"\\]|\\[^])*)"|\\(?<escaped>[^])|(?<plain>[^ \t\r\n'"\\]+)/guy;

const EXPANSION = /`|\$(?:[A-Za-z_]\w*|[{(])/;
const EXPANSION_OR_OPERATOR = new RegExp(`${EXPANSION.source}|[|&;<>()]`);

export type SplitCommand = { readonly argv: readonly string[] } | { readonly brokenRule: string };

/**
 * Splits a command into words as a POSIX shell does, by blanks, quotes and backslashes; a newline is a blank and `#` an
 * ordinary character. What only a shell could carry out is refused, not passed on as it stands.
 * Written here because the package `shlex` unescapes `'\\'` when a double-quoted part follows in the same word, keeps
 * the backslash of `"\$"`, and expands `$'\x00'`.
 */
export function splitCommand(command: string): SplitCommand {
  if (countBytes(command) > MAX_BYTES) return { brokenRule: 'must have at most 64 KiB' };
  if (!isStorable(command)) return { brokenRule: STORABLE_RULE };
  const words: string[] = [];
  let word: string | null = null;
  let end = 0;
  for (const piece of command.matchAll(PIECE)) {
    const groups = piece.groups ?? {};
    const brokenRule = findShellSyntax(groups, end);
    if (brokenRule !== null) return { brokenRule };
    if (groups['blank'] === undefined) word = withPiece(word, groups);
    else if (word !== null) {
      words.push(word);
      word = null;
    }
    end = piece.index + piece[0].length;
  }
  if (end < command.length) return { brokenRule: unfinished(command, end) };
  return { argv: word === null ? words : [...words, word] };
}

type PieceGroups = Readonly<Record<string, string | undefined>>;

/** A word exists from its first piece on, be it empty quotes; a continued line is no piece of it. */
function withPiece(word: string | null, piece: PieceGroups): string | null {
  if (piece['escaped'] === '\n') return word;
  const text = piece['single'] ?? piece['escaped'] ?? piece['plain'] ?? withoutEscapes(piece['double'] ?? '');
  return (word ?? '') + text;
}

/** Between double quotes a backslash stands for itself but before these. */
function withoutEscapes(text: string): string {
  return text.replace(/\\([$`"\\\n])/g, (_, escaped: string) => (escaped === '\n' ? '' : escaped));
}

function findShellSyntax(piece: PieceGroups, start: number): string | null {
  if (piece['plain'] !== undefined) return shellSyntax(EXPANSION_OR_OPERATOR.exec(piece['plain']), start);
  if (piece['double'] === undefined) return null;
  // Escaped characters give way to blanks, so that positions stay and what is around them does not join.
  return shellSyntax(EXPANSION.exec(piece['double'].replace(/\\[^]/g, '  ')), start + 1);
}

function shellSyntax(found: RegExpExecArray | null, start: number): string | null {
  if (found === null) return null;
  return (
    `must not have ${found[0].slice(0, 40)} at character ${start + found.index + 1}: no shell runs it. ` +
    "Put it in single quotes to pass it on as it is, or have a shell run it: /bin/sh -c '…'"
  );
}

function unfinished(command: string, at: number): string {
  const what = command.charAt(at) === '\\' ? 'end with a backslash' : `leave open the quote at character ${at + 1}`;
  return `must not ${what}. A script is easiest in single quotes: /bin/sh -c '…'`;
}
