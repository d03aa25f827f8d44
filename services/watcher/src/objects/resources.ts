import { parseQuantity } from '@ccluster/kubernetes';
import { z } from 'zod';

/** By resource: CPU in millicores, memory and storage in bytes, all else (GPUs, pods) in pieces. */
export type Amounts = Readonly<Record<string, number>>;

/** Amounts as Kubernetes writes them. Throws RangeError on what is no quantity. */
export function amountsOf(quantities: Readonly<Record<string, string>>): Amounts {
  return Object.fromEntries(
    Object.entries(quantities).map(([resource, text]) => {
      const thousandths = Number(parseQuantity(text));
      return [resource, resource === 'cpu' ? thousandths : Math.ceil(thousandths / 1_000)];
    }),
  );
}

/** Older API servers and hand-made objects have plain numbers where a quantity is text. */
export const quantities = z
  .record(
    z.string(),
    z.union([z.string(), z.number()]).transform((value) => String(value)),
  )
  .default({});

const container = z.object({
  resources: z.object({ requests: quantities }).prefault({}),
  restartPolicy: z.string().optional(),
});

/** The part of a pod's specification that says what it needs. */
export const resourceNeeds = z.object({
  containers: z.array(container).default([]),
  initContainers: z.array(container).default([]),
  overhead: quantities,
});

/**
 * What the scheduler counts for a pod: all containers together, sidecars too, or the largest init container where that
 * is more; plus the runtime's overhead.
 */
export function requestsOf(needs: z.infer<typeof resourceNeeds>): Amounts {
  const isSidecar = (each: z.infer<typeof container>): boolean => each.restartPolicy === 'Always';
  const lasting = [...needs.containers, ...needs.initContainers.filter(isSidecar)];
  const passing = needs.initContainers.filter((each) => !isSidecar(each));
  const together = lasting.map((each) => amountsOf(each.resources.requests)).reduce(sum, {});
  const peak = passing.map((each) => amountsOf(each.resources.requests)).reduce(larger, together);
  return sum(peak, amountsOf(needs.overhead));
}

export function sum(left: Amounts, right: Amounts): Amounts {
  return combine(left, right, (a, b) => a + b);
}

function larger(left: Amounts, right: Amounts): Amounts {
  return combine(left, right, Math.max);
}

function combine(left: Amounts, right: Amounts, of: (left: number, right: number) => number): Amounts {
  const combined: Record<string, number> = { ...left };
  for (const [resource, amount] of Object.entries(right)) combined[resource] = of(combined[resource] ?? 0, amount);
  return combined;
}
