import type { Logger } from '@ccluster/runtime';

/** The part of a logger that long-running readers need. */
export type Log = Pick<Logger, 'info' | 'warn'>;
