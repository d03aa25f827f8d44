import { randomUUID } from 'node:crypto';

import type { CreateJobInput, Job } from '@ccluster/client';

import { digestOf, type History } from '../history.js';
import { persistently } from './persistently.js';
import type { Product } from './product.js';

/** Asks for a job until that is answered, and writes down that it was. */
export async function submitJob(
  product: Product,
  history: History,
  input: CreateJobInput,
  linesPerAttempt?: number,
): Promise<Job> {
  const request = { ...input, requestId: randomUUID() };
  const job = await persistently(product.clients, (client) => client.createJob(request));
  const { id: jobId, name, completions, parallelism, enableLogging } = job;
  history.record({
    op: 'CREATED',
    jobId,
    name,
    requestId: request.requestId,
    digest: digestOf(request),
    completions,
    parallelism,
    enableLogging,
    ...(linesPerAttempt === undefined ? {} : { linesPerAttempt }),
  });
  return job;
}
