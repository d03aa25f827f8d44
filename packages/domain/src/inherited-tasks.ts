import {
  countIndexes,
  differenceIndexes,
  formatIndexSet,
  hasIndex,
  parseIndexSet,
  unionIndexes,
  type IndexSet,
} from './index-set.js';

/** Tasks that a job need not run, because an earlier job succeeded with them. */
export interface InheritedTasks {
  /** The job in which they ran. */
  readonly jobId: string;
  /** In Kubernetes' text form. */
  readonly indexes: string;
}

interface FinishedTasks {
  readonly id: string;
  readonly completions: number;
  /** What it inherited itself included. */
  readonly succeeded: IndexSet;
  readonly inherited: readonly InheritedTasks[];
}

/** What a re-run of only the tasks that did not succeed takes over: each index of the job in which it really ran. */
export function inheritTasks({ id, completions, succeeded, inherited }: FinishedTasks): readonly InheritedTasks[] {
  const own = differenceIndexes(succeeded, inheritedIndexes(inherited, completions));
  return countIndexes(own) === 0 ? inherited : [...inherited, { jobId: id, indexes: formatIndexSet(own) }];
}

/** All indexes of them, of whichever job. */
export function inheritedIndexes(inherited: readonly InheritedTasks[], completions: number): IndexSet {
  return inherited.reduce<IndexSet>((all, { indexes }) => unionIndexes(all, parseIndexSet(indexes, completions)), []);
}

/** Tells for each index the job in which it ran; null where it is not inherited. */
export function originsOf(inherited: readonly InheritedTasks[], completions: number): (index: number) => string | null {
  const sets = inherited.map(({ jobId, indexes }) => ({ jobId, set: parseIndexSet(indexes, completions) }));
  return (index) => sets.find(({ set }) => hasIndex(set, index))?.jobId ?? null;
}
