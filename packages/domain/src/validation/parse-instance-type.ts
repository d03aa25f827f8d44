import { z } from 'zod';
import { integer, kebabName, listOf, shortText, uniqueBy, withDefault } from './fields.js';
import { parseInput } from './parse-input.js';
import {
  EXTENDED_RESOURCE_RULE,
  isExtendedResource,
  isLabelValue,
  isQualifiedName,
  LABEL_VALUE_RULE,
  QUALIFIED_NAME_RULE,
} from './qualified-name.js';

const MAX_ENTRIES = 50;
const EFFECTS: readonly string[] = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

/** A `CreateInstanceTypeInput` with its defaults filled in. */
export interface NewInstanceType {
  readonly clusterId: string;
  readonly name: string;
  /** null: no GPU. */
  readonly gpuType: string | null;
  readonly gpuCount: number;
  readonly gpuMemoryMib: number | null;
  readonly acceleratorResource: string;
  readonly cpuMillicores: number;
  readonly memoryMib: number;
  readonly sharedMemoryMib: number;
  /** US cents per replica and hour. */
  readonly pricePerHourCents: number;
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly tolerations: readonly NodeToleration[];
}

export interface NodeToleration {
  readonly key: string;
  /** null: any value. */
  readonly value: string | null;
  /** null: any effect. */
  readonly effect: string | null;
}

const qualifiedName = z.string().refine(isQualifiedName, QUALIFIED_NAME_RULE);
const labelValue = z.string().refine(isLabelValue, LABEL_VALUE_RULE);

const toleration = z.object({
  key: qualifiedName,
  value: withDefault(labelValue, null),
  effect: withDefault(
    z.string().refine((effect) => EFFECTS.includes(effect), `must be one of ${EFFECTS.join(', ')}`),
    null,
  ),
});

const nodeSelector = listOf(z.object({ key: qualifiedName, value: labelValue }), MAX_ENTRIES).superRefine(
  uniqueBy('key'),
);
const tolerations = listOf(toleration, MAX_ENTRIES);
const pricePerHourCents = integer(0);

const createInstanceTypeInput = z
  .object({
    clusterId: shortText(100),
    name: kebabName(40),
    gpuType: withDefault(shortText(100), null),
    gpuCount: integer(0),
    gpuMemoryMiB: withDefault(integer(1), null),
    acceleratorResource: withDefault(z.string().refine(isExtendedResource, EXTENDED_RESOURCE_RULE), 'nvidia.com/gpu'),
    cpuMillicores: integer(1),
    memoryMiB: integer(1),
    sharedMemoryMiB: withDefault(integer(1), null),
    pricePerHourCents,
    nodeSelector: withDefault(nodeSelector, []),
    tolerations: withDefault(tolerations, []),
  })
  .superRefine((input, context) => {
    if ((input.gpuType === null) !== (input.gpuCount === 0)) {
      context.addIssue({
        code: 'custom',
        path: ['gpuType'],
        message: 'must be given where gpuCount is at least 1, and only there',
      });
    }
    if ((input.sharedMemoryMiB ?? 0) > input.memoryMiB) {
      context.addIssue({
        code: 'custom',
        path: ['sharedMemoryMiB'],
        message: `must be at most memoryMiB (${input.memoryMiB})`,
      });
    }
  });

/** @throws InputRefused with all that is wrong with it */
export function parseInstanceType(unsafeInput: unknown): NewInstanceType {
  const { gpuMemoryMiB, memoryMiB, sharedMemoryMiB, nodeSelector, ...rest } = parseInput(
    createInstanceTypeInput,
    unsafeInput,
  );
  return {
    ...rest,
    gpuMemoryMib: gpuMemoryMiB,
    memoryMib: memoryMiB,
    sharedMemoryMib: sharedMemoryMiB ?? Math.ceil(memoryMiB / 2),
    nodeSelector: toRecord(nodeSelector),
  };
}

/** What an `UpdateInstanceTypeInput` changes: only what was given. */
export type InstanceTypeChange = Partial<Pick<NewInstanceType, 'pricePerHourCents' | 'nodeSelector' | 'tolerations'>>;

const updateInstanceTypeInput = z.object({
  pricePerHourCents: withDefault(pricePerHourCents, undefined),
  nodeSelector: withDefault(nodeSelector, undefined),
  tolerations: withDefault(tolerations, undefined),
});

/** @throws InputRefused with all that is wrong with it */
export function parseInstanceTypeChange(unsafeInput: unknown): InstanceTypeChange {
  const { pricePerHourCents, nodeSelector, tolerations } = parseInput(updateInstanceTypeInput, unsafeInput);
  return {
    ...(pricePerHourCents === undefined ? {} : { pricePerHourCents }),
    ...(nodeSelector === undefined ? {} : { nodeSelector: toRecord(nodeSelector) }),
    ...(tolerations === undefined ? {} : { tolerations }),
  };
}

function toRecord(entries: readonly { readonly key: string; readonly value: string }[]): Record<string, string> {
  return Object.fromEntries(entries.map(({ key, value }) => [key, value]));
}
