import { z } from 'zod';
import type { InheritedStatus } from './cluster-writer.js';

const suspendedJob = z.object({
  metadata: z.object({ uid: z.string() }),
  spec: z.object({ suspend: z.boolean().default(false) }),
  status: z.object({ completedIndexes: z.string().default(''), succeeded: z.number().default(0) }).default({
    completedIndexes: '',
    succeeded: 0,
  }),
});

/** Whether a Kubernetes Job, as its API server describes it, is that one, suspended, and holds what was set. */
export function holdsInheritance(unsafeJob: unknown, uid: string, asked: InheritedStatus): boolean {
  const { metadata, spec, status } = suspendedJob.parse(unsafeJob);
  return (
    metadata.uid === uid &&
    spec.suspend &&
    status.completedIndexes === asked.completedIndexes &&
    status.succeeded === asked.succeeded
  );
}
