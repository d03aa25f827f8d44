/** What a line of `linesScript` says of itself. */
export interface TestLine {
  /** From 1. */
  readonly number: number;
  /** Of all lines of the attempt. */
  readonly count: number;
  readonly index: number;
  readonly completions: number;
  /** The pod's name. */
  readonly hostname: string;
}

interface LinesOptions {
  /** As fast as it can where it is not given. */
  readonly linesPerSecond?: number;
  /** Characters added to each line, for logs that grow fast. */
  readonly paddingCharacters?: number;
}

const MODULUS = 1_000_003;
const FACTOR = 31;
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789-.';
const FORM = /^#(\d+)\/(\d+) task (\d+)\/(\d+) ([a-z0-9.-]+) (x*)=(\d+)$/;

/**
 * For /bin/sh of busybox: writes `count` lines, `#<number>/<count> task <index>/<completions> <hostname> <padding>=<sum>`.
 * The sum is over all that stands before it, so that a lost, doubled, misplaced or damaged line is told from the text
 * alone. One process writes them all.
 */
export function linesScript(count: number, { linesPerSecond, paddingCharacters = 0 }: LinesOptions = {}): string {
  const sum = (terms: readonly string[]) =>
    terms.map((term) => `s = (s * ${FACTOR} + ${term}) % ${MODULUS}`).join('; ');
  const pause = linesPerSecond === undefined ? '' : `if (k % ${linesPerSecond} == 0) { fflush(); system("sleep 1") }`;
  const program = `BEGIN {
    for (s = j = 0; j++ < length(h);) ${sum([`index("${ALPHABET}", substr(h, j, 1))`])}
    ${sum(['i', 'c', 'n', 'p'])}; seed = s
    for (x = ""; length(x) < p;) x = x "x"
    for (k = 1; k <= n; k++) {
      s = seed; ${sum(['k'])}
      print "#" k "/" n " task " i "/" c " " h " " x "=" s
      ${pause}
    }
  }`;
  const values = `-v n=${count} -v p=${paddingCharacters} -v i="$JOB_COMPLETION_INDEX" -v c="$JOB_COMPLETIONS" -v h="$(hostname)"`;
  return `awk ${values} '${program}'`;
}

/** Undefined: it is no line of `linesScript`; DAMAGED: it is one no more. */
export function parseLine(text: string): TestLine | 'DAMAGED' | undefined {
  if (!looksLikeTestLine(text)) return undefined;
  const match = FORM.exec(text);
  if (match === null) return 'DAMAGED';
  const [number = 0, count = 0, index = 0, completions = 0] = match.slice(1, 5).map(Number);
  const hostname = match[5] ?? '';
  const padding = match[6] ?? '';
  const sum = sumOf([...letters(hostname), index, completions, count, padding.length, number]);
  return sum === Number(match[7]) ? { number, count, index, completions, hostname } : 'DAMAGED';
}

export function looksLikeTestLine(text: string): boolean {
  return text.startsWith('#');
}

/** As the script writes it: for evidence that a test makes itself. */
export function formatTestLine({ number, count, index, completions, hostname }: TestLine): string {
  const sum = sumOf([...letters(hostname), index, completions, count, 0, number]);
  return `#${number}/${count} task ${index}/${completions} ${hostname} =${sum}`;
}

function letters(hostname: string): number[] {
  return Array.from(hostname, (letter) => ALPHABET.indexOf(letter) + 1);
}

function sumOf(terms: readonly number[]): number {
  return terms.reduce((sum, term) => (sum * FACTOR + term) % MODULUS, 0);
}
