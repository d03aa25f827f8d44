/** What a line of `linesScript` says of itself. */
export interface TestLine {
  /** From 1. */
  readonly number: number;
  /** Of all lines of the attempt. */
  readonly count: number;
  readonly index: number;
  readonly completions: number;
  /** `<Kubernetes Job>-<index>`: the same for each attempt. */
  readonly hostname: string;
  /** 8 digits that tell one start of a container from another. */
  readonly run: string;
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
const FORM = /^#(\d+)\/(\d+) task (\d+)\/(\d+) ([a-z0-9.-]+) ([0-9a-f]{8}) (x*)=(\d+)$/;

/**
 * For /bin/sh of busybox: writes `count` lines, `#<number>/<count> task <index>/<completions> <hostname> <run> <padding>=<sum>`.
 * The sum is over all that stands before it, so that a lost, doubled, misplaced or damaged line is told from the text
 * alone. One process writes them all.
 */
export function linesScript(count: number, { linesPerSecond, paddingCharacters = 0 }: LinesOptions = {}): string {
  const sum = (terms: readonly string[]) =>
    terms.map((term) => `s = (s * ${FACTOR} + ${term}) % ${MODULUS}`).join('; ');
  const pause = linesPerSecond === undefined ? '' : `if (k % ${linesPerSecond} == 0) { fflush(); system("sleep 1") }`;
  const program = `BEGIN {
    w = h r
    for (s = j = 0; j++ < length(w);) ${sum([`index("${ALPHABET}", substr(w, j, 1))`])}
    ${sum(['i', 'c', 'n', 'p'])}; seed = s
    for (x = ""; length(x) < p;) x = x "x"
    for (k = 1; k <= n; k++) {
      s = seed; ${sum(['k'])}
      print "#" k "/" n " task " i "/" c " " h " " r " " x "=" s
      ${pause}
    }
  }`;
  const job = '-v i="$JOB_COMPLETION_INDEX" -v c="$JOB_COMPLETIONS" -v h="$(hostname)" -v r="${run%%-*}"';
  return `{ read -r run </proc/sys/kernel/random/uuid; awk -v n=${count} -v p=${paddingCharacters} ${job} '${program}'; }`;
}

/** Undefined: it is no line of `linesScript`; DAMAGED: it is one no more. */
export function parseLine(text: string): TestLine | 'DAMAGED' | undefined {
  if (!looksLikeTestLine(text)) return undefined;
  const match = FORM.exec(text);
  if (match === null) return 'DAMAGED';
  const [number = 0, count = 0, index = 0, completions = 0] = match.slice(1, 5).map(Number);
  const [hostname = '', run = '', padding = '', sum] = match.slice(5);
  const line = { number, count, index, completions, hostname, run };
  return sumOfLine(line, padding.length) === Number(sum) ? line : 'DAMAGED';
}

export function looksLikeTestLine(text: string): boolean {
  return text.startsWith('#');
}

/** As the script writes it: for evidence that a test makes itself. */
export function formatTestLine(line: TestLine): string {
  const { number, count, index, completions, hostname, run } = line;
  return `#${number}/${count} task ${index}/${completions} ${hostname} ${run} =${sumOfLine(line, 0)}`;
}

function sumOfLine({ number, count, index, completions, hostname, run }: TestLine, paddingCharacters: number): number {
  const letters = Array.from(hostname + run, (letter) => ALPHABET.indexOf(letter) + 1);
  const terms = [...letters, index, completions, count, paddingCharacters, number];
  return terms.reduce((sum, term) => (sum * FACTOR + term) % MODULUS, 0);
}
