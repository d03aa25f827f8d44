import { CONTAINER_NAME, KUBERNETES_KEYS } from '@ccluster/domain';
import type { UnsafeObject } from '@ccluster/kubernetes';
import { z } from 'zod';
import { conditions, instant, labels, words, type Condition } from './fields.js';
import { requestsOf, resourceNeeds, type Amounts } from './resources.js';

/** What is kept of a pod: what it holds on its node, and, where it is an attempt of ours, how that goes. */
export interface KubernetesPod {
  /** null: not on a node yet. */
  readonly nodeName: string | null;
  /** Succeeded or Failed: it holds nothing any more. */
  readonly hasEnded: boolean;
  readonly requests: Amounts;
  readonly attempt: AttemptPod | null;
}

/** A pod that runs one task of a job. */
export interface AttemptPod {
  readonly name: string;
  readonly uid: string;
  readonly jobId: string;
  /** uid of the Kubernetes Job that made it. */
  readonly kubernetesUid: string;
  readonly index: number;
  readonly createdAt: Date;
  /** When it was told to stop; null: it was not. */
  readonly stopRequestedAt: Date | null;
  readonly nodeName: string | null;
  readonly phase: string;
  /** Why the pod as a whole failed ("Evicted"); empty otherwise. */
  readonly reason: string;
  readonly message: string;
  readonly conditions: readonly Condition[];
  readonly container: ContainerState;
  readonly imageDigest: string | null;
}

export type ContainerState =
  | { readonly state: 'WAITING'; readonly reason: string; readonly message: string }
  | { readonly state: 'RUNNING'; readonly startedAt: Date | null }
  | {
      readonly state: 'TERMINATED';
      readonly exitCode: number;
      readonly reason: string;
      readonly message: string;
      readonly startedAt: Date | null;
      readonly finishedAt: Date | null;
    };

const INDEX_ANNOTATION = 'batch.kubernetes.io/job-completion-index';

const containerStatus = z.object({
  name: z.string(),
  imageID: z.string().default(''),
  state: z
    .object({
      waiting: z.object({ reason: words, message: words }).optional(),
      running: z.object({ startedAt: instant }).optional(),
      terminated: z
        .object({ exitCode: z.int32(), reason: words, message: words, startedAt: instant, finishedAt: instant })
        .optional(),
    })
    .prefault({}),
});

const schema = z.object({
  metadata: z.object({
    name: z.string(),
    uid: z.string(),
    labels,
    annotations: labels,
    creationTimestamp: instant,
    deletionTimestamp: instant,
    deletionGracePeriodSeconds: z.number().default(0),
    ownerReferences: z.array(z.object({ uid: z.string(), controller: z.boolean().default(false) })).default([]),
  }),
  spec: resourceNeeds.extend({ nodeName: z.string().optional() }),
  status: z
    .object({
      phase: z.string().default('Pending'),
      reason: words,
      message: words,
      conditions,
      containerStatuses: z.array(containerStatus).default([]),
    })
    .prefault({}),
});

/** Throws where the object is not a pod. */
export type PodParser = (unsafeObject: UnsafeObject) => KubernetesPod;

/** Reads pods; those with all of `ownLabels` are attempts of ours. */
export function podParser(ownLabels: Readonly<Record<string, string>>): PodParser {
  const own = Object.entries(ownLabels);
  return (unsafeObject) => {
    const pod = schema.parse(unsafeObject);
    const isOwn = own.every(([key, value]) => pod.metadata.labels[key] === value);
    return {
      nodeName: nodeNameOf(pod),
      hasEnded: pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed',
      requests: requestsOf(pod.spec),
      attempt: isOwn ? attemptOf(pod) : null,
    };
  };
}

type ParsedPod = z.infer<typeof schema>;

function attemptOf(pod: ParsedPod): AttemptPod | null {
  const { metadata, status } = pod;
  const jobId = metadata.labels[KUBERNETES_KEYS.jobId];
  const owner = metadata.ownerReferences.find((reference) => reference.controller);
  const index = Number(metadata.annotations[INDEX_ANNOTATION]);
  if (jobId === undefined || owner === undefined || !Number.isSafeInteger(index)) return null;
  const container = status.containerStatuses.find((each) => each.name === CONTAINER_NAME);
  return {
    name: metadata.name,
    uid: metadata.uid,
    jobId,
    kubernetesUid: owner.uid,
    index,
    createdAt: metadata.creationTimestamp ?? new Date(0),
    stopRequestedAt: stopRequestedAt(metadata),
    nodeName: nodeNameOf(pod),
    phase: status.phase,
    reason: status.reason,
    message: status.message,
    conditions: status.conditions,
    container: stateOf(container),
    imageDigest: /sha256:[0-9a-f]{64}/.exec(container?.imageID ?? '')?.[0] ?? null,
  };
}

function nodeNameOf({ spec }: ParsedPod): string | null {
  return spec.nodeName === undefined || spec.nodeName === '' ? null : spec.nodeName;
}

/** deletionTimestamp is when the grace ends, not when it began. */
function stopRequestedAt(metadata: ParsedPod['metadata']): Date | null {
  if (metadata.deletionTimestamp === null) return null;
  return new Date(metadata.deletionTimestamp.getTime() - metadata.deletionGracePeriodSeconds * 1_000);
}

function stateOf(container: z.infer<typeof containerStatus> | undefined): ContainerState {
  const { terminated, running, waiting } = container?.state ?? {};
  if (terminated !== undefined) return { state: 'TERMINATED', ...terminated };
  if (running !== undefined) return { state: 'RUNNING', ...running };
  return { state: 'WAITING', reason: waiting?.reason ?? '', message: waiting?.message ?? '' };
}
