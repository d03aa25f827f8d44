import type { LogRecord } from '@ccluster/db';
import { expect, it } from 'vitest';
import { LogBudget, LogBudgets } from './log-budget.js';

function lines(...texts: string[]): LogRecord[] {
  return texts.map((text) => ({ kind: 'line', stamp: 's', bytes: Buffer.from(text), continued: false }));
}

const codesOf = (records: readonly LogRecord[]) =>
  records.map((record) => (record.kind === 'gap' ? record.code : record.bytes.toString()));

it('lines are admitted up to the limit; one gap stands for the rest of each log', () => {
  const budget = new LogBudget(10, 0);
  expect(codesOf(budget.admit(lines('1234', '567')))).toEqual(['1234', '567']);
  expect(budget.isSpent).toBe(false);
  expect(codesOf(budget.admit(lines('8', '9', '10')))).toEqual(['LOG_LIMIT']);
  expect(budget.isSpent).toBe(true);
  expect(codesOf(budget.admit(lines('of', 'another')))).toEqual(['LOG_LIMIT']);
});

it('the logs of a job share one budget, which begins at what is stored', async () => {
  let reads = 0;
  const budgets = new LogBudgets(10, async () => {
    reads += 1;
    return 8;
  });
  const [first, second] = await Promise.all([budgets.open('job_1'), budgets.open('job_1')]);
  first.admit(lines('123'));
  expect(second.isSpent).toBe(true);
  expect((await budgets.open('job_2')).isSpent).toBe(false);
  const before = reads;
  budgets.forget('job_1');
  expect((await budgets.open('job_1')).isSpent).toBe(false);
  expect(reads).toBe(before + 1);
});
