import { recordBytes, type LogRecord } from '@ccluster/db';

/** What may still be stored of the logs of one job. */
export class LogBudget {
  readonly #limitBytes: number;
  #usedBytes: number;

  constructor(limitBytes: number, usedBytes: number) {
    this.#limitBytes = limitBytes;
    this.#usedBytes = usedBytes;
  }

  /** Nothing more of this job's logs is stored. */
  get isSpent(): boolean {
    return this.#usedBytes >= this.#limitBytes;
  }

  /** The records of one log that still fit; where they do not, a gap that says so in the place of the rest. */
  admit(records: readonly LogRecord[]): LogRecord[] {
    const admitted: LogRecord[] = [];
    for (const record of records) {
      if (!this.isSpent) this.#usedBytes += recordBytes(record);
      if (this.isSpent) return [...admitted, this.limitGap(record.stamp)];
      admitted.push(record);
    }
    return admitted;
  }

  /** Ends each log of the job that is not stored to its end. */
  limitGap(stamp: string): LogRecord {
    const message = `The logs of this job have reached ${this.#limitBytes} bytes; nothing more of them is kept`;
    return { kind: 'gap', stamp, code: 'LOG_LIMIT', message, lines: null };
  }
}

/** Budgets of the jobs whose logs are being read; each counts from what is stored already. */
export class LogBudgets {
  readonly #limitBytes: number;
  readonly #countStored: (jobId: string) => Promise<number>;
  readonly #budgets = new Map<string, LogBudget>();

  /** @param countStored bytes that are stored of a job's logs */
  constructor(limitBytes: number, countStored: (jobId: string) => Promise<number>) {
    this.#limitBytes = limitBytes;
    this.#countStored = countStored;
  }

  async open(jobId: string): Promise<LogBudget> {
    const known = this.#budgets.get(jobId);
    if (known !== undefined) return known;
    const usedBytes = await this.#countStored(jobId);
    // Another log of the job may have been opened meanwhile: all share one budget.
    const budget = this.#budgets.get(jobId) ?? new LogBudget(this.#limitBytes, usedBytes);
    this.#budgets.set(jobId, budget);
    return budget;
  }

  forget(jobId: string): void {
    this.#budgets.delete(jobId);
  }
}
