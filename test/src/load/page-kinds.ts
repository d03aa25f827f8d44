import type { JobListFilter, JobListPage } from '@ccluster/db';

export interface PageKind {
  readonly name: string;
  readonly filter: JobListFilter;
  readonly order: JobListPage['order'];
  /** So many days before now the page begins; undefined: the first page. */
  readonly afterDays?: number;
}

const newest = 'newest first';
const oldest = 'oldest first';

/** What people ask for, and what is worst for each filter: what few jobs match, or none. */
export const pageKinds: readonly PageKind[] = [
  { name: 'first', filter: {}, order: newest },
  { name: 'first, oldest first', filter: {}, order: oldest },
  { name: 'deep', filter: {}, order: newest, afterDays: 3 },
  { name: 'deep, oldest first', filter: {}, order: oldest, afterDays: 3 },
  { name: 'status SUCCEEDED', filter: { statuses: ['SUCCEEDED'] }, order: newest },
  { name: 'status FAILED, deep', filter: { statuses: ['FAILED'] }, order: newest, afterDays: 3 },
  { name: 'status RUNNING, oldest first', filter: { statuses: ['RUNNING'] }, order: oldest },
  { name: 'open statuses', filter: { statuses: ['QUEUED', 'STARTING', 'RUNNING', 'SUSPENDED'] }, order: newest },
  { name: 'status that no job has', filter: { statuses: ['SUSPENDED'] }, order: newest },
  { name: 'cluster', filter: { clusterId: 'cl_7' }, order: newest },
  { name: 'cluster of one job', filter: { clusterId: 'cl_rare' }, order: newest },
  { name: 'creator', filter: { createdBy: 'user-7' }, order: newest },
  { name: 'creator of one job', filter: { createdBy: 'rare' }, order: oldest },
  { name: 'name contains, many', filter: { nameContains: 'train' }, order: newest },
  { name: 'name contains, one', filter: { nameContains: 'needle' }, order: newest },
  { name: 'name contains, none', filter: { nameContains: 'zz' }, order: newest },
  { name: 'one hour', filter: { createdAfter: daysAgo(2), createdBefore: daysAgo(2 - 1 / 24) }, order: newest },
  { name: 'all at once', filter: { statuses: ['FAILED'], clusterId: 'cl_9', nameContains: 'zz' }, order: oldest },
];

export function daysAgo(days: number): Date {
  return new Date(Date.now() - days * 86_400_000);
}
