import { z } from 'zod';
import { inKiB, listOf, storableText, uniqueBy, withDefault } from './fields.js';
import { isQualifiedName, keyPrefix, QUALIFIED_NAME_RULE } from './qualified-name.js';
import { countBytes } from './text.js';

const MAX_ANNOTATIONS = 1000;
const MAX_TOTAL_BYTES = 64 * 1024;

const annotation = z.object({ key: z.string().refine(isQualifiedName, QUALIFIED_NAME_RULE), value: storableText });

export const annotationsField = withDefault(
  listOf(annotation, MAX_ANNOTATIONS)
    .superRefine(uniqueBy('key'))
    .refine(
      (annotations) =>
        annotations.reduce((bytes, { key, value }) => bytes + countBytes(key) + countBytes(value), 0) <=
        MAX_TOTAL_BYTES,
      `must have keys and values of at most ${inKiB(MAX_TOTAL_BYTES)} together`,
    ),
  [],
);

/**
 * Whether a key belongs to Kubernetes or to this product. `kueue.x-k8s.io` changes how a Kubernetes Job runs, so for
 * Kubernetes' own an end without a dot counts too.
 */
export function isReservedKey(key: string, ownPrefix: string): boolean {
  const prefix = keyPrefix(key);
  if (prefix === null) return false;
  return (
    prefix.endsWith('kubernetes.io') ||
    prefix.endsWith('k8s.io') ||
    prefix === ownPrefix ||
    prefix.endsWith(`.${ownPrefix}`)
  );
}
