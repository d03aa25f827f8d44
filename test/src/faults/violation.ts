/** Invariants of `ARCHITECTURE.md` and promises of the contract, as the checker names them. */
export type Rule =
  | 'I1'
  | 'I2'
  | 'I3'
  | 'I4'
  | 'I5'
  | 'I6'
  | 'P1 durable'
  | 'P2 idempotent'
  | 'P3 released once'
  | 'P4 cancel'
  | 'P5 end or reason'
  | 'P6 tasks'
  | 'P7 events'
  | 'P8 logs'
  | 'P9 reserved variables'
  | 'P10 suspend'
  | 'P11 rerun'
  | 'isolation'
  | 'input';

/** One broken promise: which, of what (a job, a pod, an object of a cluster), and what was seen. */
export interface Violation {
  readonly rule: Rule;
  readonly subject: string;
  readonly what: string;
}
