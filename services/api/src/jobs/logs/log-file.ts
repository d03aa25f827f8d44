import type { LogRecord, StoredLogChunk } from '@ccluster/db';
import { renderLogText } from '@ccluster/domain';

export interface LogFileForm {
  /** The cluster's time stamp before each line. */
  readonly withTimestamps: boolean;
  /** `[<index>/<attempt>]` before each line: for the log of many pods. */
  readonly withTask: boolean;
}

/**
 * Turns the chunks of a log, one after the other from its first, into a text file. The same chunks give the same bytes,
 * and chunks that come later only append to them.
 *
 * The parts of a long line are joined, and its end is on a line of its own where another pod wrote in between. A gap is
 * a line `[gap: <code>: <message>]`.
 */
export function createLogFile(form: LogFileForm): (chunk: StoredLogChunk) => string {
  let openPodId: string | undefined;
  return (chunk) => {
    let text = '';
    for (const record of chunk.records) {
      const isRest = openPodId === chunk.podId && record.kind === 'line';
      if (openPodId !== undefined && !isRest) text += '\n';
      if (!isRest) text += headOf(chunk, record, form);
      text += contentOf(record);
      openPodId = record.kind === 'line' && record.continued ? chunk.podId : undefined;
      if (openPodId === undefined) text += '\n';
    }
    return text;
  };
}

function headOf({ index, attempt }: StoredLogChunk, { stamp }: LogRecord, form: LogFileForm): string {
  return `${form.withTimestamps ? `${stamp} ` : ''}${form.withTask ? `[${index}/${attempt}] ` : ''}`;
}

function contentOf(record: LogRecord): string {
  if (record.kind === 'line') return renderLogText(record.bytes);
  const lines = record.lines === null ? '' : ` (${record.lines} lines)`;
  return `[gap: ${record.code}: ${record.message.replaceAll(/\s+/g, ' ')}${lines}]`;
}
