import { toKubernetesFault } from '../connection/fault.js';
import { findStamp } from './log-stamp.js';
import { openLog, type LogSource } from './read-log.js';

/** Enough for two ordinary lines. */
const START_BYTES = 2_048;

/** The stamps of a file's first two lines: no two files have the same. */
export interface FileStart {
  readonly first: string;
  /** undefined where it is not there yet, or far off. */
  readonly second: string | undefined;
}

/** How the file begins that is the newest now; undefined where it has no line yet. Errors are for `toKubernetesFault`. */
export async function findFileStart(source: LogSource): Promise<FileStart | undefined> {
  const start = await readStart(source);
  const first = findStamp(start);
  const end = start.indexOf('\n');
  return first === undefined
    ? undefined
    : { first, second: end === -1 ? undefined : findStamp(start.subarray(end + 1)) };
}

async function readStart(source: LogSource): Promise<Buffer> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of await openLog(source, { limitBytes: String(START_BYTES) })) chunks.push(chunk);
  } catch (error) {
    // The moment between two files, in which there is none.
    if (toKubernetesFault(error).kind !== 'INVALID') throw error;
  }
  return Buffer.concat(chunks);
}
