import { neverExisted } from './never-existed.js';

/** For each value of somebody else's two that never were. */
export interface Twins {
  /** The same two each time: whatever the caller did with the value, it did with them, so that all three have one history. */
  of(value: string): readonly [string, string];
}

export function createTwins(): Twins {
  const known = new Map<string, readonly [string, string]>();
  return {
    of: (value) => {
      const twins = known.get(value) ?? ([neverExisted(value), neverExisted(value)] as const);
      known.set(value, twins);
      return twins;
    },
  };
}
