import { parseLine } from '../test-lines.js';

/** One record of an attempt's log, from whatever source: a line, or a gap. */
export interface TalliedRecord {
  readonly number: number;
  /** null: of a line that is not kept by its text. */
  readonly text: string | null;
  /** null: it is a line. */
  readonly gap: string | null;
}

/** What the log of one attempt comes to, in a memory that does not grow with it. */
export interface LogTally {
  /** Of the newest record; 0 before the first. */
  lastNumber: number;
  /** Of the newest line of `linesScript`; 0 before the first. */
  lastLine: number;
  /** How many such lines it is to have; null while none was seen. */
  lineCount: number | null;
  /** Records behind `lastLine` say that lines are missing. */
  endsWithGap: boolean;
  /** What its lines say of the pod that wrote them; null while none does. */
  writer: LogWriter | null;
  /** What is wrong with it, the first few. */
  readonly problems: string[];
}

interface LogWriter {
  readonly index: number;
  readonly completions: number;
  readonly hostname: string;
  readonly run: string;
}

const MAX_PROBLEMS = 3;

export function createLogTally(): LogTally {
  return { lastNumber: 0, lastLine: 0, lineCount: null, endsWithGap: false, writer: null, problems: [] };
}

/** Counts the next record. */
export function tally(log: LogTally, record: TalliedRecord): void {
  if (record.number !== log.lastNumber + 1 && record.gap !== 'LOG_EXPIRED') {
    complain(log, `after number ${log.lastNumber} comes ${record.number}`);
  }
  log.lastNumber = record.number;
  if (record.gap !== null) log.endsWithGap = true;
  else if (record.text !== null) tallyText(log, record.text);
}

function tallyText(log: LogTally, text: string): void {
  const line = parseLine(text);
  if (line === undefined) return;
  if (line === 'DAMAGED') return complain(log, `a damaged line: ${text.slice(0, 80)}`);
  const { number, count, index, completions, hostname, run } = line;
  const isNext = log.endsWithGap ? number > log.lastLine : number === log.lastLine + 1;
  if (!isNext) complain(log, `after line ${log.lastLine} comes line ${number}`);
  log.lastLine = number;
  log.lineCount = count;
  log.endsWithGap = false;
  const { writer } = log;
  if (writer === null) log.writer = { index, completions, hostname, run };
  else if (writer.hostname !== hostname || writer.run !== run)
    complain(log, `lines of ${writer.hostname} ${writer.run} and of ${hostname} ${run}`);
}

function complain(log: LogTally, problem: string): void {
  if (log.problems.length < MAX_PROBLEMS) log.problems.push(problem);
}
