import { z } from 'zod';
import { ORGANIZATION_PLACEHOLDER } from '../kubernetes-names.js';
import { kebabName, shortText, withDefault } from './fields.js';
import { parseInput } from './parse-input.js';

const MAX_LABEL_CHARACTERS = 63;
const DNS_LABEL = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;
/** What takes the placeholder's place: as long as the part of an organization's id after its prefix. */
const SAMPLE_ORGANIZATION = '0'.repeat(26);

/** A `RegisterClusterInput` but for its credentials. */
export interface ClusterRegistration {
  readonly name: string;
  readonly displayName: string;
  readonly region: string;
  readonly provider: string | null;
  readonly managed: boolean;
  /** A DNS label; on a managed cluster it may be a template with `{organization}`. */
  readonly namespace: string;
  readonly autoscaling: boolean;
}

const registerClusterInput = z
  .object({
    name: kebabName(40),
    displayName: withDefault(shortText(100), null),
    region: shortText(63),
    provider: withDefault(shortText(100), null),
    managed: withDefault(z.boolean(), false),
    namespace: z
      .string()
      .refine(
        isNamespaceTemplate,
        `must be a DNS label: lower-case letters, digits and hyphens, first and last a letter or digit, at most ${MAX_LABEL_CHARACTERS} characters with ${ORGANIZATION_PLACEHOLDER} as ${SAMPLE_ORGANIZATION.length}`,
      ),
    autoscaling: withDefault(z.boolean(), false),
  })
  .superRefine(({ managed, namespace }, context) => {
    if (managed || !namespace.includes(ORGANIZATION_PLACEHOLDER)) return;
    context.addIssue({
      code: 'custom',
      path: ['namespace'],
      message: `must not have ${ORGANIZATION_PLACEHOLDER} unless the cluster is managed`,
    });
  });

/** @throws InputRefused with all that is wrong with it */
export function parseRegisterCluster(unsafeInput: unknown): ClusterRegistration {
  const input = parseInput(registerClusterInput, unsafeInput);
  return { ...input, displayName: input.displayName ?? input.name };
}

/** An `UpdateClusterInput` but for its credentials: only what was given. */
export type ClusterChange = Partial<Pick<ClusterRegistration, 'displayName' | 'autoscaling'>> & {
  readonly draining?: boolean;
};

const updateClusterInput = z.object({
  displayName: withDefault(shortText(100), undefined),
  draining: withDefault(z.boolean(), undefined),
  autoscaling: withDefault(z.boolean(), undefined),
});

/** @throws InputRefused with all that is wrong with it */
export function parseClusterChange(unsafeInput: unknown): ClusterChange {
  const { displayName, draining, autoscaling } = parseInput(updateClusterInput, unsafeInput);
  return {
    ...(displayName === undefined ? {} : { displayName }),
    ...(draining === undefined ? {} : { draining }),
    ...(autoscaling === undefined ? {} : { autoscaling }),
  };
}

/** A DNS label, or a template that becomes one. */
export function isNamespaceTemplate(template: string): boolean {
  if (template.length > MAX_LABEL_CHARACTERS) return false;
  const namespace = template.replace(ORGANIZATION_PLACEHOLDER, SAMPLE_ORGANIZATION);
  return namespace.length <= MAX_LABEL_CHARACTERS && DNS_LABEL.test(namespace);
}
