import { z } from 'zod';

/**
 * What a wake-up is about: "read again". Ids and sequence numbers only; what has happened is read from PostgreSQL.
 * Listeners listen to one key of a topic.
 */
export interface Topic<Payload> extends TopicName {
  readonly payload: z.ZodType<Payload>;
  readonly keyOf: (payload: Payload) => string;
}

export interface TopicName {
  readonly name: string;
}

function topic<Payload>(
  name: string,
  payload: z.ZodType<Payload>,
  keyOf: (payload: Payload) => string,
): Topic<Payload> {
  return { name, payload, keyOf };
}

/** The one key of topics that are about the whole installation. */
export const EVERYTHING = 'all';

const id = z.string().min(1);

export const topics = {
  /** A job has a new event. */
  job: topic('job', z.strictObject({ jobId: id, seq: z.int() }), ({ jobId }) => jobId),
  /** A job of an organization has changed. */
  jobs: topic('jobs', z.strictObject({ organizationId: id, jobId: id, seq: z.int() }), (p) => p.organizationId),
  /** New lines of a job are stored. */
  logs: topic('logs', z.strictObject({ jobId: id }), ({ jobId }) => jobId),
  /** Room on a cluster has changed. */
  capacity: topic('capacity', z.strictObject({ clusterId: id }), () => EVERYTHING),
  /** A cluster was registered, changed or removed. */
  clusters: topic('clusters', z.strictObject({ clusterId: id }), () => EVERYTHING),
};

export function channelOf(prefix: string, { name }: TopicName, key: string): string {
  return `${prefix}:wake:${name}:${key}`;
}
