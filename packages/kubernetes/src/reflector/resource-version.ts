/**
 * Negative, zero or positive as `left` is older than, the same as or newer than `right`, within one incarnation of a
 * cluster; undefined when they cannot be compared. They grow beyond 2^53, so length and then digits decide.
 */
export function compareResourceVersions(left: string, right: string): number | undefined {
  if (!/^[1-9]\d*$/.test(left) || !/^[1-9]\d*$/.test(right)) return undefined;
  if (left.length !== right.length) return left.length - right.length;
  return left < right ? -1 : left > right ? 1 : 0;
}

export function isOlder(left: string, right: string): boolean {
  const order = compareResourceVersions(left, right);
  return order !== undefined && order < 0;
}
