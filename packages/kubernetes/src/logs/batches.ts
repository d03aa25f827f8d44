export interface BatchLimits {
  readonly maxBytes: number;
  readonly maxDelayMs: number;
}

/**
 * What arrives of a byte stream within `maxDelayMs` of a first chunk, up to about `maxBytes`. Reads one chunk ahead and no
 * more, so a slow reader slows the sender down. What arrived before an error is given before it is thrown. Whoever leaves
 * early ends the stream himself: a silent one could not be waited for.
 */
export async function* batchesOf(stream: AsyncIterable<Buffer>, limits: () => BatchLimits): AsyncGenerator<Buffer[]> {
  const chunks = stream[Symbol.asyncIterator]();
  let next = nextOf(chunks);
  for (let first = await next; first.done !== true; first = await next) {
    const batch = [first.value];
    ({ next } = await fill(batch, chunks, limits()));
    yield batch;
  }
}

type NextChunk = Promise<IteratorResult<Buffer, unknown>>;

/** Returns the chunk that did not make it into the batch, to be awaited for the next one. */
async function fill(batch: Buffer[], chunks: AsyncIterator<Buffer>, limits: BatchLimits): Promise<{ next: NextChunk }> {
  const late = Promise.withResolvers<'LATE'>();
  const timer = setTimeout(() => late.resolve('LATE'), limits.maxDelayMs);
  let bytes = batch.reduce((sum, chunk) => sum + chunk.length, 0);
  let next = nextOf(chunks);
  try {
    while (bytes < limits.maxBytes) {
      const arrived = await Promise.race([next, late.promise]);
      if (arrived === 'LATE' || arrived.done === true) break;
      batch.push(arrived.value);
      bytes += arrived.value.length;
      next = nextOf(chunks);
    }
  } catch {
    // The same promise is awaited again, and throws again, once the batch is out.
  } finally {
    clearTimeout(timer);
  }
  return { next };
}

/** Its failure may come while nobody waits for it; that must not look unhandled. */
function nextOf(chunks: AsyncIterator<Buffer>): NextChunk {
  const next = chunks.next();
  next.catch(() => undefined);
  return next;
}
