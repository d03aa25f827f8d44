import { z } from 'zod';

/** Of a cluster's words: enough to understand, not enough to fill a database. */
const MAX_TEXT_CHARACTERS = 2_048;

/** Text from a cluster, cut to a length that can be stored. NUL and half characters cannot be stored at all. */
export const words = z
  .string()
  .transform((text) => text.slice(0, MAX_TEXT_CHARACTERS).replaceAll('\0', '').toWellFormed())
  .default('');

/** A time as Kubernetes writes it; null where it is absent or none. */
export const instant = z
  .string()
  .nullish()
  .transform((text) => {
    const at = text === undefined || text === null ? Number.NaN : Date.parse(text);
    return Number.isNaN(at) ? null : new Date(at);
  });

export const labels = z.record(z.string(), z.string()).default({});

const condition = z.object({ type: z.string(), status: z.string(), reason: words, message: words });
export const conditions = z.array(condition).default([]);
export type Condition = z.infer<typeof condition>;

/** The condition of this type, where it holds. */
export function findTrueCondition(all: readonly Condition[], type: string): Condition | undefined {
  return all.find((each) => each.type === type && each.status === 'True');
}
