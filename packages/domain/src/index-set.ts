/** Completion indexes as inclusive runs, ascending, neither touching nor overlapping. `[[0, 2], [5, 5]]` is 0, 1, 2 and 5. */
export type IndexSet = readonly IndexRun[];
type IndexRun = readonly [from: number, to: number];

/**
 * Reads Kubernetes' text ("0-2,5,7-9"), at most the indexes 0 … completions − 1. What is not a run of indexes is left
 * out, as the Job controller does: one damaged run in a status must not hide the others. Order and overlaps are mended.
 */
export function parseIndexSet(text: string, completions: number): IndexSet {
  const runs = text.split(',').flatMap((run) => parseRun(run, completions));
  return joined(runs.toSorted(byStart));
}

/** Kubernetes' text: three or more neighbours are "a-b", two are "a,b". */
export function formatIndexSet(set: IndexSet): string {
  return set.map(([from, to]) => (to === from ? `${from}` : `${from}${to === from + 1 ? ',' : '-'}${to}`)).join(',');
}

export function countIndexes(set: IndexSet): number {
  return set.reduce((count, [from, to]) => count + to - from + 1, 0);
}

export function hasIndex(set: IndexSet, index: number): boolean {
  const run = set[firstRunEndingAt(set, index)];
  return run !== undefined && run[0] <= index;
}

export function unionIndexes(left: IndexSet, right: IndexSet): IndexSet {
  return joined([...left, ...right].toSorted(byStart));
}

/** The indexes of `left` that are not in `right`. */
export function differenceIndexes(left: IndexSet, right: IndexSet): IndexSet {
  const rest: IndexRun[] = [];
  let cut = 0;
  for (const [from, to] of left) {
    let start = from;
    while (cut < right.length && right[cut]![1] < start) cut += 1;
    for (let at = cut; at < right.length && right[at]![0] <= to; at += 1) {
      const [cutFrom, cutTo] = right[at]!;
      if (cutFrom > start) rest.push([start, cutFrom - 1]);
      start = cutTo + 1;
    }
    if (start <= to) rest.push([start, to]);
  }
  return rest;
}

/** At most `limit` indexes greater than `afterIndex`, ascending: one page. From the start: `afterIndex` −1. */
export function sliceIndexes(set: IndexSet, afterIndex: number, limit: number): number[] {
  const page: number[] = [];
  for (let at = firstRunEndingAt(set, afterIndex + 1); at < set.length && page.length < limit; at += 1) {
    const [from, to] = set[at]!;
    for (let index = Math.max(from, afterIndex + 1); index <= to && page.length < limit; index += 1) page.push(index);
  }
  return page;
}

function parseRun(text: string, completions: number): IndexRun[] {
  const match = /^(\d{1,10})(?:-(\d{1,10}))?$/.exec(text);
  if (match === null) return [];
  const from = Number(match[1]);
  const to = Math.min(Number(match[2] ?? match[1]), completions - 1);
  return from <= to ? [[from, to]] : [];
}

function byStart(left: IndexRun, right: IndexRun): number {
  return left[0] - right[0];
}

function joined(ascending: readonly IndexRun[]): IndexSet {
  const runs: [number, number][] = [];
  for (const [from, to] of ascending) {
    const last = runs.at(-1);
    if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else runs.push([from, to]);
  }
  return runs;
}

/** Binary search: a set of 50,000 alternating indexes is asked about once per pod. */
function firstRunEndingAt(set: IndexSet, index: number): number {
  let low = 0;
  let high = set.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (set[middle]![1] < index) low = middle + 1;
    else high = middle;
  }
  return low;
}
