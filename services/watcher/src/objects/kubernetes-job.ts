import { KUBERNETES_KEYS } from '@ccluster/domain';
import type { UnsafeObject } from '@ccluster/kubernetes';
import { z } from 'zod';
import { conditions, instant, labels, type Condition } from './fields.js';

/** What is kept of a Kubernetes Job. */
export interface KubernetesJob {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly jobId: string;
  /** The `ccluster.io/intent` annotation; 0 where it is missing. */
  readonly intent: number;
  readonly suspend: boolean;
  readonly parallelism: number;
  /** Of the last release; null while suspended from the start. */
  readonly startTime: Date | null;
  /** Kubernetes' text form of an index set. */
  readonly completedIndexes: string;
  readonly conditions: readonly Condition[];
}

const schema = z.object({
  metadata: z.object({
    name: z.string(),
    namespace: z.string(),
    uid: z.string(),
    resourceVersion: z.string(),
    labels,
    annotations: labels,
  }),
  spec: z.object({ suspend: z.boolean().default(false), parallelism: z.number().default(1) }),
  status: z.object({ startTime: instant, completedIndexes: z.string().default(''), conditions }).prefault({}),
});

/** Throws where the object is not a Kubernetes Job. @returns undefined where it belongs to no job of ours */
export function parseKubernetesJob(unsafeObject: UnsafeObject): KubernetesJob | undefined {
  const { metadata, spec, status } = schema.parse(unsafeObject);
  const jobId = metadata.labels[KUBERNETES_KEYS.jobId];
  if (jobId === undefined) return undefined;
  const { name, namespace, uid, resourceVersion, annotations } = metadata;
  const intent = Number(annotations[KUBERNETES_KEYS.intent] ?? '0');
  return {
    name,
    namespace,
    uid,
    resourceVersion,
    jobId,
    intent: Number.isSafeInteger(intent) ? intent : 0,
    suspend: spec.suspend,
    parallelism: spec.parallelism,
    ...status,
  };
}
