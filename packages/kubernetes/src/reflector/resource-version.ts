/**
 * Whether `left` is older than `right`, within one incarnation of a cluster. Versions grow beyond 2^53, so length and then
 * digits decide. False when one of them is not a number: then nothing is known.
 */
export function isOlder(left: string, right: string): boolean {
  if (!/^[1-9]\d*$/.test(left) || !/^[1-9]\d*$/.test(right)) return false;
  return left.length === right.length ? left < right : left.length < right.length;
}
