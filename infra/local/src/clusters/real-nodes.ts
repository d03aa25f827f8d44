/** Label and taint of nodes on which pods only seem to run. */
export const SIMULATED = 'ccluster.io/simulated';

/** Selects the others. */
export const REAL_NODES = `!${SIMULATED}`;
