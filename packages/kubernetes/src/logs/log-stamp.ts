/** 2026-11-23T23:50:54.123456789Z, or with an offset such as +01:00; a blank separates it from the line. */
const STAMP =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3])(?::[0-5]\d){2}\.\d{1,9}(?:Z|[+-][01]\d:[0-5]\d) /;
const BLANK = 0x20;

/** The longest stamp and its blank. */
export const MAX_STAMP_BYTES = 36;

/** The stamp a line begins with, exactly as received; undefined when the kubelet wrote none. */
export function findStamp(line: Buffer): string | undefined {
  const end = line.subarray(0, MAX_STAMP_BYTES).indexOf(BLANK);
  if (end === -1) return undefined;
  const stamp = line.toString('latin1', 0, end + 1);
  return STAMP.test(stamp) ? stamp.slice(0, end) : undefined;
}

/** Whole seconds since 1970. */
export function secondOf(stamp: string): number {
  return Math.floor(Date.parse(`${stamp.slice(0, 19)}${zoneOf(stamp)}`) / 1000);
}

/** Since 1970. */
export function millisecondsOf(stamp: string): number {
  return secondOf(stamp) * 1000 + Math.floor(Number(fractionOf(stamp)) / 1e6);
}

/** Negative, zero or positive; nanoseconds count. */
export function compareStamps(left: string, right: string): number {
  return secondOf(left) - secondOf(right) || Number(fractionOf(left)) - Number(fractionOf(right));
}

/** What Kubernetes takes as `sinceTime`; it answers with the lines stamped in this second or later. */
export function sinceTimeOf(second: number): string {
  return new Date(second * 1000).toISOString();
}

function zoneOf(stamp: string): string {
  return stamp.endsWith('Z') ? 'Z' : stamp.slice(-6);
}

function fractionOf(stamp: string): string {
  return stamp.slice(20, stamp.length - zoneOf(stamp).length).padEnd(9, '0');
}
