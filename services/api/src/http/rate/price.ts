import type { IncomingHttpHeaders } from 'node:http';

/** Of whatever is asked, for what is done before it is known. */
export const BASE_PRICE = 10;
const BYTES_PER_POINT = 100;
/** Of a body whose length is not told before. */
const UNKNOWN_BYTES = 1024 * 1024;

/** In points, to receive a request whose headers are these. */
export function priceOfBody(headers: IncomingHttpHeaders): number {
  const bytes = headers['content-length'] ?? (headers['transfer-encoding'] === undefined ? 0 : UNKNOWN_BYTES);
  return Number(bytes) / BYTES_PER_POINT;
}

/** Of a log as a file: megabytes are read and sent, a few at once. */
export const DOWNLOAD_PRICE = 1_000;

/** Of what GraphQL refuses: who sends nothing else sends less of it. */
export const REFUSAL_PRICE = 1_000;

/** In points, to read and check a document of so many words. */
export function priceOfDocument(words: number): number {
  return words / 2;
}

/** In points, to carry out an operation of that cost (see `checkCost`): 40,000 at most. */
export function priceOfOperation(cost: number): number {
  return cost / 5;
}
