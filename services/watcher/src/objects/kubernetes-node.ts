import type { UnsafeObject } from '@ccluster/kubernetes';
import { z } from 'zod';
import { conditions, findTrueCondition, labels } from './fields.js';
import { amountsOf, quantities, type Amounts } from './resources.js';

/** What is kept of a node. */
export interface KubernetesNode {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly isReady: boolean;
  /** Ready, and not cordoned. */
  readonly isSchedulable: boolean;
  readonly taints: readonly Taint[];
  readonly allocatable: Amounts;
}

export interface Taint {
  readonly key: string;
  readonly value: string;
  readonly effect: string;
}

const schema = z.object({
  metadata: z.object({ name: z.string(), labels }),
  spec: z
    .object({
      unschedulable: z.boolean().default(false),
      taints: z.array(z.object({ key: z.string(), value: z.string().default(''), effect: z.string() })).default([]),
    })
    .prefault({}),
  status: z.object({ allocatable: quantities, conditions }).prefault({}),
});

/** Throws where the object is not a node. */
export function parseKubernetesNode(unsafeObject: UnsafeObject): KubernetesNode {
  const { metadata, spec, status } = schema.parse(unsafeObject);
  const isReady = findTrueCondition(status.conditions, 'Ready') !== undefined;
  return {
    name: metadata.name,
    labels: metadata.labels,
    isReady,
    isSchedulable: isReady && !spec.unschedulable,
    taints: spec.taints,
    allocatable: amountsOf(status.allocatable),
  };
}
