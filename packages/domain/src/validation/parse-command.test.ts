import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { issuesOf, messagesOf } from './testing/issues-of.js';
import { argvWarnings, parseCommand } from './parse-command.js';

const argvOf = (command: string): readonly string[] => parseCommand(command).argv;

const words: [command: string, argv: string[]][] = [
  ['', []],
  [' \t\r\n ', []],
  ['python3 train.py', ['python3', 'train.py']],
  ['  a   b  ', ['a', 'b']],
  ['a\nb\r\nc\td', ['a', 'b', 'c', 'd']],
  ['/bin/sh -c python3 "train.py"', ['/bin/sh', '-c', 'python3', 'train.py']],
  [`/bin/sh -c 'echo "$HOME" | wc -c; exit $?'`, ['/bin/sh', '-c', 'echo "$HOME" | wc -c; exit $?']],
  [`a'b'"c"d`, ['abcd']],
  [`'' "" x`, ['', '', 'x']],
  [`'a b' "c d" e\\ f`, ['a b', 'c d', 'e f']],
  ['echo # not a comment', ['echo', '#', 'not', 'a', 'comment']],
  ['*.py ~ [a] {a,b} !x a=b', ['*.py', '~', '[a]', '{a,b}', '!x', 'a=b']],
  [`'\\n' '\\\\' '\`\${x}$(y)'`, ['\\n', '\\\\', '`${x}$(y)']],
  [`"a\\nb" "\\\\" "\\"" "\\$HOME" "\\\`" "it's"`, ['a\\nb', '\\', '"', '$HOME', '`', "it's"]],
  [`\\$HOME \\' \\" \\\\ \\\` \\| \\n`, ['$HOME', "'", '"', '\\', '`', '|', 'n']],
  ['a\\\nb \\\n c "d\\\ne"', ['ab', 'c', 'de']],
  [`'\\\\'"x"`, ['\\\\x']],
  [`'\\\\'"'"'x'`, [`\\\\'x`]],
  ['$ a$ $5 $? $$ $"x" $\'\\x00\' "$" "a$"', ['$', 'a$', '$5', '$?', '$$', '$x', '$\\x00', '$', 'a$']],
  ['"|" "a;b" "(<&>)"', ['|', 'a;b', '(<&>)']],
  ['grüße "日本 語" 🎉\\🎉', ['grüße', '日本 語', '🎉🎉']],
];

describe('parseCommand splits', () => {
  test.each(words)('%j into %j', (command, argv) => {
    expect(argvOf(command)).toEqual(argv);
  });

  it('gives back any words that were quoted', () => {
    const quote = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;
    const word = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0'));
    fc.assert(
      fc.property(fc.array(word), (argv) => {
        expect(argvOf(argv.map(quote).join(' '))).toEqual(argv);
      }),
    );
  });

  it('as /bin/sh does', () => {
    const parts = fc.constantFrom('a', 'é', ' ', "'", '"', '\\', '\\$', '\\`', '\\"', '\\\n', "'\\\\'", '-', '%', '|');
    const bareNewline = /(^|[^\\])(\\\\)*\n/;
    const commands = fc
      .sample(fc.array(parts, { maxLength: 12 }), { numRuns: 3000, seed: 1 })
      .map((pieces) => pieces.join(''))
      .filter((command) => !bareNewline.test(command) && issuesOf(() => parseCommand(command)).length === 0);
    const script = `set -f; for command do eval "set -- $command"; printf '%s\\0' "$#" "$@"; done`;
    const answer = execFileSync('/bin/sh', ['-c', script, 'sh', ...commands], { encoding: 'utf8', timeout: 10_000 });
    const expected = commands.map(argvOf).flatMap((argv) => [String(argv.length), ...argv]);
    expect(answer.split('\0').slice(0, -1)).toEqual(expected);
    expect(commands.length).toBeGreaterThan(500);
  });
});

describe('parseCommand refuses', () => {
  test.each([
    ['echo $HOME', '$HOME at character 6'],
    ['echo "$HOME"', '$HOME at character 7'],
    ['echo "a\\\\$HOME"', '$HOME at character 10'],
    ['x$_', '$_ at character 2'],
    ['echo ${A:-b}', '${ at character 6'],
    ['echo "${A}"', '${ at character 7'],
    ['echo $(date)', '$( at character 6'],
    ['echo "$((1+1))"', '$( at character 7'],
    ['echo `date`', '` at character 6'],
    ['echo "`date`"', '` at character 7'],
    ['a | b', '| at character 3'],
    ['a && b', '& at character 3'],
    ['a; b', '; at character 2'],
    ['a > b', '> at character 3'],
    ['a 2>&1', '> at character 4'],
    ['a <b', '< at character 3'],
    ['(a)', '( at character 1'],
    ['a)', ') at character 2'],
    ['curl http://x/?a=1&b=2', '& at character 19'],
    [`it's`, 'the quote at character 3'],
    ['say "hello', 'the quote at character 5'],
    ['"a\\"', 'the quote at character 1'],
    ['a\\', 'end with a backslash'],
  ])('%j for %s, and says how to have a shell run it', (command, what) => {
    const [message] = messagesOf(() => parseCommand(command));
    expect(message).toContain(what);
    expect(message).toContain(`/bin/sh -c '…'`);
    expect(issuesOf(() => parseCommand(command))).toEqual(['command INVALID']);
  });

  test.each([
    ['NUL', 'a\0b'],
    ['half of a surrogate pair', 'a\ud800b'],
    ['more than 64 KiB', 'a'.repeat(64 * 1024 + 1)],
    ['more than 64 KiB of UTF-8', 'é'.repeat(32 * 1024 + 1)],
    ['a quote left open for 64 KiB', `"${'\\\\'.repeat(32 * 1024 - 1)}`],
  ])('%s', (_, command) => {
    expect(issuesOf(() => parseCommand(command))).toEqual(['command INVALID']);
  });

  it('nothing for its length up to 64 KiB', () => {
    expect(argvOf('a'.repeat(64 * 1024))).toHaveLength(1);
    expect(argvOf('a '.repeat(32 * 1024))).toHaveLength(32 * 1024);
  });
});

describe('a warning of words after a script', () => {
  test.each([
    [['/bin/sh', '-c', 'python3', 'train.py'], true],
    [['sh', '-c', 'echo', '$0'], true],
    [['bash', '-ec', 'a', 'b'], true],
    [['bash', '-c', '-e', 'a', 'b'], true],
    [['bash', '-euo', 'pipefail', '-c', 'a', 'b'], true],
    [['dash', '-c', '--', 'a', 'b'], true],
    [['sh', '-c', 'python3 train.py'], false],
    [['sh', '-c'], false],
    [['sh', '-e', 'script.sh', '-c', 'x'], false],
    [['sh', 'script.sh', 'a', 'b'], false],
    [['bash', '-euo', 'pipefail', '-c', 'a'], false],
    [['sh', '--', '-c', 'a', 'b'], false],
    [['python3', '-c', 'print(1)', 'x'], false],
    [['-c', 'a', 'b'], false],
    [[], false],
  ])('for %j: %s', (argv, warned) => {
    expect(argvWarnings(argv).map(({ code }) => code)).toEqual(warned ? ['SHELL_EXTRA_WORDS'] : []);
  });

  it('names the script and the words', () => {
    const [warning] = parseCommand('/bin/sh -c python3 "train.py"').warnings;
    expect(warning?.message).toBe(
      `/bin/sh -c runs only the script "python3"; the words after it are its $0, $1 …: ["train.py"]. ` +
        `If they are part of the script, quote it as a whole: /bin/sh -c '…'`,
    );
  });
});
