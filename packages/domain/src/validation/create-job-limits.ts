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

/** A check against the installation's limit. */
export function checkParallelism(max: number) {
  return ({ parallelism }: { readonly parallelism: number }, context: z.RefinementCtx): void => {
    if (parallelism <= max) return;
    const message = `must be at most ${max.toLocaleString('en')}, the limit of this installation`;
    context.addIssue({ code: 'custom', path: ['parallelism'], message, params: { code: 'LIMIT_EXCEEDED' } });
  };
}

/** A check that no key is under a prefix of Kubernetes or of this product. */
export function checkReservedKeys(ownPrefix: string) {
  return ({ annotations }: { readonly annotations: readonly Annotation[] }, context: z.RefinementCtx): void => {
    for (const [index, { key }] of annotations.entries()) {
      if (!isReservedKey(key, ownPrefix)) continue;
      const message = `must not have a prefix that is or ends in kubernetes.io, k8s.io or ${ownPrefix}`;
      const path = ['annotations', index, 'key'];
      context.addIssue({ code: 'custom', path, message, params: { code: 'RESERVED_NAME' } });
    }
  };
}
