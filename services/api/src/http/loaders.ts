import {
  findClusters,
  findInstanceTypes,
  findJobs,
  findPods,
  listAttempts,
  listInstanceTypesOf,
  type ClusterRow,
  type InstanceTypeRow,
  type JobRow,
  type PodRow,
  type Queryable,
} from '@ccluster/db';
import { isStorable } from '@ccluster/domain';
import DataLoader from 'dataloader';

/** Reads of one request, or of one event of a subscription, that are made together. What is not found is undefined. */
export interface Loaders {
  readonly job: DataLoader<string, JobRow | undefined>;
  readonly pod: DataLoader<string, PodRow | undefined>;
  readonly attempts: DataLoader<TaskKey, PodRow[], string>;
  readonly cluster: DataLoader<string, ClusterRow | undefined>;
  readonly instanceType: DataLoader<string, InstanceTypeRow | undefined>;
  readonly instanceTypesOfCluster: DataLoader<string, InstanceTypeRow[]>;
}

interface TaskKey {
  readonly jobId: string;
  readonly index: number;
}

const MAX_BATCH_SIZE = 1000;

/** Loaders that see what the organization may see; attempts are asked for with jobs that it was found to have. */
export function createLoaders(db: Queryable, organizationId: string): Loaders {
  return {
    job: oneById((ids) => findJobs(db, organizationId, ids)),
    pod: oneById((ids) => findPods(db, organizationId, ids)),
    attempts: new DataLoader(
      async (tasks) => {
        const groups = Map.groupBy(await listAttempts(db, tasks), taskKey);
        return tasks.map((task) => groups.get(taskKey(task)) ?? []);
      },
      { cacheKeyFn: taskKey, maxBatchSize: MAX_BATCH_SIZE },
    ),
    cluster: oneById((ids) => findClusters(db, organizationId, ids)),
    instanceType: oneById((ids) => findInstanceTypes(db, organizationId, ids)),
    instanceTypesOfCluster: new DataLoader(
      async (ids) => {
        const rows = await listInstanceTypesOf(db, organizationId, ids.filter(isStorable));
        const groups = Map.groupBy(rows, (row) => row.clusterId);
        return ids.map((id) => groups.get(id) ?? []);
      },
      { maxBatchSize: MAX_BATCH_SIZE },
    ),
  };
}

function oneById<Row extends { readonly id: string }>(
  find: (ids: readonly string[]) => Promise<Row[]>,
): DataLoader<string, Row | undefined> {
  return new DataLoader(
    async (ids) => {
      // What cannot be stored is no id of anything.
      const rows = new Map((await find(ids.filter(isStorable))).map((row) => [row.id, row]));
      return ids.map((id) => rows.get(id));
    },
    { maxBatchSize: MAX_BATCH_SIZE },
  );
}

function taskKey({ jobId, index }: TaskKey): string {
  return `${jobId}/${index}`;
}
