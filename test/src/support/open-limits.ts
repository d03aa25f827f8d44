/**
 * For an api that is asked by one key more than any caller asks: 200 `createJob` a second are 26,000 points, as the
 * defaults allow, but many times that are replays from 64 sides, or everything that can be asked for at once. Time is
 * that of the clock, which a machine that is busy with all else takes longer by.
 */
export const OPEN_LIMITS = {
  RATE_LIMIT_PER_SECOND: '10000000',
  RATE_LIMIT_BURST: '50000000',
  CHECKING_MS_PER_SECOND: '1000',
} as const;
