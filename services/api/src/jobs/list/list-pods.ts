import { countPods, listPods } from '@ccluster/db';
import { creationCursor } from '../../graphql/creation-cursor.js';
import { checkPageSize, forwardPage } from '../../graphql/page.js';
import type { RequestContext } from '../../http/request-context.js';
import type { PodConnection } from '../read/pod.type.js';

const podCursor = creationCursor('pods');

export interface PodPageRequest {
  /** Of one task; null: of all. */
  readonly index: number | null;
  readonly first: number;
  readonly after: string | null;
}

/** A page of a job's pods, oldest first. */
export async function readPodPage(
  { services }: RequestContext,
  jobId: string,
  { index, first, after }: PodPageRequest,
): Promise<PodConnection> {
  checkPageSize('first', first);
  const { db } = services.database;
  const filter = { jobId, index: index ?? undefined };
  const position = after === null ? undefined : podCursor.parse(jobId, after);
  const rows = await listPods(db, filter, { after: position, limit: first + 1 });
  const page = forwardPage(rows, { first, after }, (row) => ({
    cursor: podCursor.format(jobId, row),
    node: row,
  }));
  return { ...page, count: () => countPods(db, filter) };
}
