import { createReadStream } from 'node:fs';

import { canariesIn, longestForm, type CanaryForms } from './canary-forms.js';

/** Names of those that are in a file of any size. */
export async function searchFile(canaries: readonly CanaryForms[], path: string): Promise<Set<string>> {
  const found = new Set<string>();
  const overlap = longestForm(canaries);
  let end: Buffer = Buffer.alloc(0);
  for await (const piece of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
    const bytes = Buffer.concat([end, piece as Buffer]);
    for (const name of canariesIn(canaries, bytes)) found.add(name);
    end = bytes.subarray(Math.max(bytes.length - overlap, 0));
  }
  return found;
}
