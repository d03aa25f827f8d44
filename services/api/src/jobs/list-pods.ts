import { countPods, listPods, type PodListPage } from '@ccluster/db';
import { z } from 'zod';
import { cursorForm } from '../graphql/cursor.js';
import { checkPageSize, forwardPage } from '../graphql/page.js';
import type { RequestContext } from '../http/request-context.js';
import type { PodConnection } from './pod.type.js';

const podCursor = cursorForm('pods', z.strictObject({ createdAtMs: z.int(), id: z.string() }));

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
  const rows = await listPods(db, filter, { after: parsePosition(after), limit: first + 1 });
  const page = forwardPage(rows, { first, after }, (row) => ({
    cursor: podCursor.format({ createdAtMs: row.createdAt.getTime(), id: row.id }),
    node: row,
  }));
  return { ...page, count: () => countPods(db, filter) };
}

function parsePosition(after: string | null): PodListPage['after'] {
  if (after === null) return undefined;
  const { createdAtMs, id } = podCursor.parse(after);
  return { createdAt: new Date(createdAtMs), id };
}
