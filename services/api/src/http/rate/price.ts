/** Of whatever is asked, for what is done before it is known. */
export const BASE_PRICE = 10;
/** Of a log as a file: megabytes are read and sent, a few at once. */
export const DOWNLOAD_PRICE = 1_000;

/** In points, to read and check a document of so many words. */
export function priceOfDocument(words: number): number {
  return words / 2;
}

/** In points, to carry out an operation of that cost (see `checkCost`): 40,000 at most. */
export function priceOfOperation(cost: number): number {
  return cost / 5;
}
