import { KUBERNETES_KEYS } from '@ccluster/domain';
import { z } from 'zod';

const labels = z.record(z.string(), z.string()).default({});

const condition = z.object({ type: z.string(), status: z.string() });

const containerStates = z.object({
  running: z.object({ startedAt: z.string().nullish() }).nullish(),
  terminated: z
    .object({ startedAt: z.string().nullish(), finishedAt: z.string().nullish(), exitCode: z.number() })
    .nullish(),
});

const metadata = z.object({
  name: z.string().optional(),
  uid: z.string().optional(),
  creationTimestamp: z.string().nullish(),
  labels,
  annotations: labels,
  ownerReferences: z.array(z.object({ kind: z.string(), uid: z.string() })).default([]),
});

/** A Kubernetes Job, a pod, or a patch of one of them in the form of its object: as much of it as is there. */
const object = z.object({
  kind: z.string().optional(),
  metadata: metadata.default({ labels: {}, annotations: {}, ownerReferences: [] }),
  spec: z.object({ suspend: z.boolean().nullish() }).default({}),
  status: z
    .object({
      completedIndexes: z.string().optional(),
      conditions: z.array(condition).optional(),
      containerStatuses: z.array(z.object({ state: containerStates.default({}) })).optional(),
    })
    .default({}),
});

const jsonPatch = z.array(z.object({ op: z.string(), path: z.string(), value: z.unknown() }));

const time = z.string().transform((text) => Date.parse(text));

/** An Event of audit.k8s.io/v1; what a policy leaves out is left out. */
const auditEvent = z.object({
  stage: z.string(),
  verb: z.string(),
  requestURI: z.string(),
  user: z.object({ username: z.string() }),
  objectRef: z
    .object({
      resource: z.string(),
      namespace: z.string().default(''),
      name: z.string().optional(),
      subresource: z.string().optional(),
    })
    .optional(),
  responseStatus: z.object({ code: z.number() }),
  requestObject: z.union([jsonPatch, object]).optional().catch(undefined),
  responseObject: object.optional().catch(undefined),
  requestReceivedTimestamp: time,
});

export type AuditObject = z.output<typeof object>;
export type AuditedRequest = z.output<typeof auditEvent> & {
  readonly objectRef: NonNullable<z.output<typeof auditEvent>['objectRef']>;
  /** It was answered with a fault of the server, and may have been carried out all the same. */
  readonly isDoubtful: boolean;
};

/** A Kubernetes Job or a pod as a client library gives it. */
export function parseAuditObject(unsafeObject: unknown): AuditObject {
  return object.parse(JSON.parse(JSON.stringify(unsafeObject)));
}

/** Undefined where it is not a request that was, or may have been, carried out. */
export function parseAuditEvent(unsafeEvent: unknown): AuditedRequest | undefined {
  const event = auditEvent.parse(unsafeEvent);
  const { stage, objectRef, responseStatus, requestURI } = event;
  if (stage !== 'ResponseComplete' || objectRef === undefined) return undefined;
  const isDoubtful = responseStatus.code >= 500;
  if (responseStatus.code >= 300 && !isDoubtful) return undefined;
  return requestURI.includes('dryRun=') ? undefined : { ...event, objectRef, isDoubtful };
}

/** The object as it was answered; else, of one that was made, as it was sent. */
export function objectOf({ requestObject, responseObject }: AuditedRequest, kind: string): AuditObject | undefined {
  if (responseObject?.kind === kind) return responseObject;
  return Array.isArray(requestObject) || requestObject?.kind !== kind ? undefined : requestObject;
}

/** What a JSON Patch sets, or tests, at a path; undefined where it does not. */
export function patchValue({ requestObject }: AuditedRequest, op: 'test' | 'set', path: string): unknown {
  if (!Array.isArray(requestObject)) return undefined;
  return requestObject.findLast((step) => step.path === path && (step.op === 'test') === (op === 'test'))?.value;
}

export const INTENT_PATH = `/metadata/annotations/${KUBERNETES_KEYS.intent.replace('/', '~1')}`;
