import type { z } from 'zod';
import type { Annotation } from '../job-spec.js';
import { isReservedKey } from './annotations-field.js';

/** What an installation sets for itself. */
export interface CreateJobLimits {
  /** Tasks of one job that may run at once. */
  readonly maxParallelism: number;
  /** Annotations under it are this product's own: `ccluster.io`. */
  readonly reservedAnnotationPrefix: string;
}

interface LimitedInput {
  readonly parallelism: number;
  readonly annotations: readonly Annotation[];
}

/** A check of a job's input against the installation's limits. */
export function within(limits: CreateJobLimits) {
  const { maxParallelism, reservedAnnotationPrefix } = limits;
  return (input: LimitedInput, context: z.RefinementCtx): void => {
    if (input.parallelism > maxParallelism) {
      const message = `must be at most ${maxParallelism.toLocaleString('en')}, the limit of this installation`;
      context.addIssue({ code: 'custom', path: ['parallelism'], message, params: { code: 'LIMIT_EXCEEDED' } });
    }
    for (const [index, { key }] of input.annotations.entries()) {
      if (!isReservedKey(key, reservedAnnotationPrefix)) continue;
      const message = `must not have a prefix that is or ends in kubernetes.io, k8s.io or ${reservedAnnotationPrefix}`;
      const path = ['annotations', index, 'key'];
      context.addIssue({ code: 'custom', path, message, params: { code: 'RESERVED_NAME' } });
    }
  };
}
