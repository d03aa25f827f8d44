import { KUBERNETES_KEYS } from '@ccluster/domain';
import { z } from 'zod';
import type { SeenKubernetesJob } from './cluster-writer.js';
import type { Ownership } from './job-manifest.js';

/** What is remembered of a Kubernetes Job has to be as short as Kubernetes keeps it: a cluster may be anybody's. */
const name = z.string().max(253);
const LABEL_VALUE = /^[A-Za-z0-9_.-]{1,63}$/;

const textMap = z.record(z.string(), z.string()).default({});

const jobSchema = z.object({
  metadata: z.object({
    name,
    namespace: name,
    uid: name,
    resourceVersion: name,
    deletionTimestamp: z.unknown().optional(),
    labels: textMap,
    annotations: textMap,
  }),
  spec: z.object({ suspend: z.boolean().optional() }),
});

/** A Kubernetes Job as its API server describes it; throws where it is described in no such way. */
export function parseSeenJob(unsafeJob: unknown, ownership: Ownership): SeenKubernetesJob {
  const { metadata, spec } = jobSchema.parse(unsafeJob);
  return {
    namespace: metadata.namespace,
    name: metadata.name,
    uid: metadata.uid,
    resourceVersion: metadata.resourceVersion,
    ...owner(metadata.labels, ownership),
    epoch: numberOf(metadata.annotations[KUBERNETES_KEYS.epoch]),
    intent: numberOf(metadata.annotations[KUBERNETES_KEYS.intent]),
    suspended: spec.suspend === true,
    deleting: metadata.deletionTimestamp !== undefined,
  };
}

const pageSchema = z.object({
  metadata: z.object({ continue: z.string().default('') }),
  items: z.array(z.unknown()),
});

/** One page of a list; `next` is empty on the last. */
export function parseJobPage(unsafePage: unknown, ownership: Ownership): { jobs: SeenKubernetesJob[]; next: string } {
  const page = pageSchema.parse(unsafePage);
  return { jobs: page.items.map((item) => parseSeenJob(item, ownership)), next: page.metadata.continue };
}

function owner(labels: Readonly<Record<string, string>>, ownership: Ownership) {
  if (labels[KUBERNETES_KEYS.installation] !== ownership.installation) return { jobId: null, clusterId: null };
  const clusterId = labelOf(labels, KUBERNETES_KEYS.cluster);
  return { clusterId, jobId: clusterId === ownership.clusterId ? labelOf(labels, KUBERNETES_KEYS.jobId) : null };
}

function labelOf(labels: Readonly<Record<string, string>>, key: string): string | null {
  const value = labels[key];
  return value !== undefined && LABEL_VALUE.test(value) ? value : null;
}

/** Somebody may have edited it: what is no number was decided by none of ours, like the 0 of a fresh one. */
function numberOf(annotation: string | undefined): number {
  return annotation !== undefined && /^\d{1,15}$/.test(annotation) ? Number(annotation) : 0;
}
