import {
  LeaseLost,
  LogMoved,
  recordBytes,
  storeLogs,
  withTransaction,
  type ClusterLease,
  type Database,
  type LogBatch,
  type LogRecord,
} from '@ccluster/db';
import { backoffMs, sleep, type AtRisk, type Logger } from '@ccluster/runtime';

/** From the start of one transaction to the start of the next, at least: lines of all streams share it. */
const INTERVAL_MS = 200;
/** Text that waits to be stored; followers read on only below it. */
const MAX_WAITING_BYTES = 16 * 1024 * 1024;
const MAX_BYTES_PER_TRANSACTION = 4 * 1024 * 1024;
/** Of a record in memory, its stamp and objects. */
const RECORD_OVERHEAD_BYTES = 150;
const RETRY_BACKOFF = { baseMs: 200, maxMs: 5_000 };

export interface LogWriterOptions {
  readonly database: Database;
  readonly lease: ClusterLease;
  /** Called with each set of batches that was committed. */
  readonly onStored: (batches: readonly LogBatch[]) => void;
  /** Storing makes no sense any more: the lease is lost, or what is stored is not what was stored last. */
  readonly onFatal: (error: unknown) => void;
  readonly atRisk: AtRisk<'watcher'>;
  readonly log: Logger;
}

interface WaitingBatch extends LogBatch {
  readonly records: LogRecord[];
  /** Of its records, in memory. */
  readonly bytes: number;
}

/** Stores what followers bring, one transaction after the other, so that chunk ids grow in the order of commits. */
export class LogWriter {
  readonly #options: LogWriterOptions;
  readonly #stopping = new AbortController();
  /** By pod, the one that has waited longest first. */
  readonly #waiting = new Map<string, WaitingBatch>();
  #waitingBytes = 0;
  #changed = Promise.withResolvers<void>();
  #storing: Promise<void> = Promise.resolve();
  readonly #ended: Promise<void>;

  constructor(options: LogWriterOptions) {
    this.#options = options;
    this.#ended = this.#loop().catch((error: unknown) => options.onFatal(error));
  }

  /**
   * Takes over a batch, and resolves when there is room for the next one.
   * @param batch goes on where the pod's last batch ended
   */
  async write(batch: LogBatch, signal: AbortSignal): Promise<void> {
    const waiting = this.#waiting.get(batch.podId) ?? { ...batch, records: [], bytes: 0 };
    const bytes = bytesOf(batch.records);
    for (const record of batch.records) waiting.records.push(record);
    const { position, complete } = batch;
    this.#waiting.set(batch.podId, { ...waiting, position, complete, bytes: waiting.bytes + bytes });
    this.#addBytes(bytes);
    const aborted = Promise.withResolvers<void>();
    const abort = (): void => aborted.resolve();
    signal.addEventListener('abort', abort, { once: true });
    while (this.#waitingBytes > MAX_WAITING_BYTES && !signal.aborted) {
      await Promise.race([this.#changed.promise, aborted.promise]);
    }
    signal.removeEventListener('abort', abort);
  }

  /** Throws away what waits of these pods, and resolves when nothing of them is being stored any more. */
  async discard(podIds: Iterable<string>): Promise<void> {
    for (const podId of podIds) {
      const batch = this.#waiting.get(podId);
      this.#waiting.delete(podId);
      if (batch !== undefined) this.#addBytes(-batch.bytes);
    }
    await this.#storing.catch(() => undefined);
  }

  /** Stores what waits, as far as that succeeds at the first attempt. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#addBytes(0);
    await this.#ended;
    while (this.#waiting.size > 0) await this.#store(this.#take()).catch(() => this.#waiting.clear());
  }

  async #loop(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const startedMs = performance.now();
      const batches = this.#take();
      this.#storing = this.#storePatiently(batches);
      await this.#storing;
      this.#addBytes(-batches.reduce((bytes, batch) => bytes + batch.bytes, 0));
      await sleep(Math.max(0, INTERVAL_MS - (performance.now() - startedMs)), signal);
      while (this.#waiting.size === 0 && !signal.aborted) await this.#changed.promise;
    }
  }

  #take(): WaitingBatch[] {
    const taken: WaitingBatch[] = [];
    let bytes = 0;
    for (const [podId, batch] of this.#waiting) {
      bytes += batch.bytes;
      if (taken.length > 0 && bytes > MAX_BYTES_PER_TRANSACTION) break;
      this.#waiting.delete(podId);
      taken.push(batch);
    }
    return taken;
  }

  /** A database that is away comes back: what waits is bounded, and what is not read yet stays in the cluster. */
  async #storePatiently(batches: readonly LogBatch[]): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#store(batches);
      } catch (error) {
        if (error instanceof LeaseLost || error instanceof LogMoved || this.#stopping.signal.aborted) throw error;
        this.#options.log.warn({ error, attempt }, 'log lines could not be stored; tried again');
        await sleep(INTERVAL_MS + backoffMs(attempt, RETRY_BACKOFF, Math.random), this.#stopping.signal);
      }
    }
  }

  async #store(batches: readonly LogBatch[]): Promise<void> {
    if (batches.length === 0) return;
    const { atRisk, database, lease } = this.#options;
    await atRisk('store logs', () => withTransaction(database, (tx) => storeLogs(tx, lease, batches)));
    this.#options.onStored(batches);
  }

  #addBytes(bytes: number): void {
    this.#waitingBytes += bytes;
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}

/** In memory an empty line takes room too. */
function bytesOf(records: readonly LogRecord[]): number {
  return records.reduce((bytes, record) => bytes + recordBytes(record) + RECORD_OVERHEAD_BYTES, 0);
}
