import type { Budget } from './world.js';

/** One claim, at which nothing fails, and nobody asks for anything. */
export const noTroubles: Budget = {
  clusters: 2,
  claims: 1,
  faults: 0,
  turns: 0,
  cancels: 0,
  suspends: 0,
  resumes: 0,
  deletions: 0,
  verdicts: 0,
  hopeless: 0,
  reconciliations: 0,
};

/** Enough of what has to go on, and nothing that fails: by this a job comes to its end. */
export const callerlessBudget: Budget = { ...noTroubles, claims: 99, verdicts: 1, reconciliations: 99 };

const twoClaims: Budget = { ...noTroubles, claims: 2 };

/** Small enough for every run of the unit tests; each has its own trouble. */
export const smallBudgets: readonly (readonly [string, Budget])[] = [
  [
    'a suspension and a resumption, while other jobs’ turns place it',
    { ...twoClaims, suspends: 1, resumes: 1, turns: 1 },
  ],
  ['a cancel, while two calls fail or come late', { ...twoClaims, cancels: 1, faults: 2 }],
  ['a cancel, while three dispatchers work on it', { ...noTroubles, claims: 3, cancels: 1 }],
  ['a suspension, a resumption and a cancel', { ...twoClaims, suspends: 1, resumes: 1, cancels: 1 }],
  ['a cancel against verdicts, ours too', { ...twoClaims, cancels: 1, verdicts: 1, hopeless: 1 }],
  ['a cancel and a deletion, while strays are removed', { ...twoClaims, cancels: 1, deletions: 1, reconciliations: 1 }],
];

/** Minutes each. */
export const largeBudgets: readonly (readonly [string, Budget])[] = [
  [
    'a cancel, while three dispatchers work on it and a call fails',
    { ...noTroubles, claims: 3, cancels: 1, faults: 1 },
  ],
  [
    'all that callers may ask for, while a call fails',
    { ...twoClaims, suspends: 1, resumes: 1, cancels: 1, faults: 1, verdicts: 1 },
  ],
  [
    'a cancel and a deletion, while strays are removed and two calls fail',
    { ...twoClaims, faults: 2, cancels: 1, deletions: 1, reconciliations: 1 },
  ],
  [
    'a cancel and a deletion, while three dispatchers work on it and strays are removed',
    { ...noTroubles, clusters: 1, claims: 3, faults: 1, cancels: 1, deletions: 1, reconciliations: 1 },
  ],
];
