import { expect, test } from 'vitest';
import { reportTable } from './report.js';

test('the table has the promise, the faults by kind, the seed, the crash points and the violations of each scenario', () => {
  const scenario = { name: 'load', promise: 'Nothing is lost', target: '', run: () => Promise.reject(new Error()) };
  const common = { scenario, seed: 7, revision: '1a2b3c4d5e', seconds: 1 };
  const faults = { 'kill -9 api': 3, FLUSHALL: 12 };
  const crashPoints = { covered: 49, total: 50 };
  const violations = [{ rule: 'I1', subject: 'job a', what: 'ran twice' }] as const;
  const done = { operations: 200, faults, crashPoints, violations, figures: {}, missed: ['49 of 50 crash points'] };

  const rows = reportTable([
    { ...common, result: done },
    { ...common, result: new Error('The cluster is gone') },
  ])
    .split('\n')
    .filter((line) => line.startsWith('║'))
    .map((line) => line.split(/[║│]/).map((cell) => cell.trim()));

  expect(rows.slice(1).map((row) => row.slice(1, -1))).toEqual([
    ['load: Nothing is lost', '200', 'kill -9 api 3', '7', '1a2b3c4d5e', '49 of 50', '1', '49 of 50 crash points'],
    ['', '', 'FLUSHALL 12', '', '', '', '', ''],
    ['load: Nothing is lost', '', '', '7', '1a2b3c4d5e', '', 'no result', ''],
  ]);
});
