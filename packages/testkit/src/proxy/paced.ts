import { setTimeout as sleep } from 'node:timers/promises';

const SLICE_MS = 20;

/** The bytes in slices that, sent one after the other, keep to a rate. Infinity: in one. */
export async function* paced(bytes: Buffer, bytesPerSecond: () => number): AsyncGenerator<Buffer> {
  for (let from = 0; from < bytes.length;) {
    const rate = bytesPerSecond();
    const slice = bytes.subarray(from, from + Math.max(1, Math.floor((rate * SLICE_MS) / 1000)));
    yield slice;
    if (rate < Infinity) await sleep((slice.length / rate) * 1000);
    from += slice.length;
  }
}
