/** Looks at what one connection carries, in order, and decides what of it arrives. */
export interface Inspector {
  toServer(chunk: Buffer): Verdict;
  toClient(chunk: Buffer): Verdict;
}

export interface Verdict {
  /** May be empty, and may hold what was kept back before. */
  readonly passed: Buffer;
  /** The connection is reset once `passed` is on its way. */
  readonly breaksOff: boolean;
}

export function passing(passed: Buffer): Verdict {
  return { passed, breaksOff: false };
}
