import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';

/** A record of a pod's log as it is stored: a line, a part of a long one, or a statement that lines are missing. */
export type LogRecord =
  | {
      readonly kind: 'line';
      /** RFC 3339 with nanoseconds, as the cluster gave it. */
      readonly stamp: string;
      /** As the container wrote them, without the newline. */
      readonly bytes: Buffer;
      /** The line goes on in the next record. */
      readonly continued: boolean;
    }
  | {
      readonly kind: 'gap';
      readonly stamp: string;
      readonly code: string;
      readonly message: string;
      /** Lines lost, as far as is known. */
      readonly lines: number | null;
    };

/** One compressed block holds at most this much text: a hostile row cannot fill the memory. */
const MAX_CHUNK_BYTES = 16 * 1024 * 1024;

/**
 * Records as a compressed block: `F <stamp> <bytes>\n` for a line (or its last part), `P` for a part that goes on,
 * `G <stamp> <JSON>` for a gap. A line's bytes hold no newline, so the form needs no escapes.
 */
export function encodeLogChunk(records: readonly LogRecord[]): Buffer {
  return zstdCompressSync(Buffer.concat(records.flatMap(encodeRecord)));
}

function encodeRecord(record: LogRecord): Buffer[] {
  const end = Buffer.from('\n');
  if (record.kind === 'line') {
    return [Buffer.from(`${record.continued ? 'P' : 'F'} ${record.stamp} `), record.bytes, end];
  }
  const { code, message, lines } = record;
  return [Buffer.from(`G ${record.stamp} ${JSON.stringify({ code, message, lines })}`), end];
}

export function decodeLogChunk(body: Buffer): LogRecord[] {
  const text = zstdDecompressSync(body, { maxOutputLength: MAX_CHUNK_BYTES });
  const records: LogRecord[] = [];
  for (let start = 0; start < text.length;) {
    const end = text.indexOf(0x0a, start);
    records.push(decodeRecord(text.subarray(start, end)));
    start = end + 1;
  }
  return records;
}

function decodeRecord(record: Buffer): LogRecord {
  const kind = String.fromCharCode(record[0] ?? 0);
  const stampEnd = record.indexOf(0x20, 2);
  const stamp = record.toString('latin1', 2, stampEnd);
  const body = record.subarray(stampEnd + 1);
  if (kind === 'F' || kind === 'P') return { kind: 'line', stamp, bytes: body, continued: kind === 'P' };
  if (kind !== 'G') throw new Error(`A log chunk holds a record of unknown kind ${JSON.stringify(kind)}`);
  const gap = JSON.parse(body.toString('utf8')) as { code: string; message: string; lines: number | null };
  return { kind: 'gap', stamp, ...gap };
}
