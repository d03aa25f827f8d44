import { parseArgs } from 'node:util';
import { isNamespaceTemplate, ORGANIZATION_PLACEHOLDER } from '@ccluster/domain';
import type { ManifestOptions } from './cluster-manifest.js';

const USAGE = `Give --namespace <name>; or a name with ${ORGANIZATION_PLACEHOLDER}, --home <namespace of the accounts> and, for each organization, --organization <id>`;

/** Throws an Error that says what to give. */
export function parseManifestOptions(args: readonly string[]): ManifestOptions {
  const { values } = parseArgs({
    args: args.filter((arg) => arg !== '--'),
    options: {
      namespace: { type: 'string' },
      home: { type: 'string' },
      organization: { type: 'string', multiple: true },
    },
  });
  const { namespace = '', organization: organizationIds = [] } = values;
  if (!isNamespaceTemplate(namespace)) throw new Error(USAGE);
  const isTemplate = namespace.includes(ORGANIZATION_PLACEHOLDER);
  const { home = isTemplate ? '' : namespace } = values;
  if (!isNamespaceTemplate(home) || home.includes(ORGANIZATION_PLACEHOLDER)) throw new Error(USAGE);
  if (isTemplate === (organizationIds.length === 0)) throw new Error(USAGE);
  if (!organizationIds.every((id) => /^org_[0-9a-z]{26}$/.test(id))) throw new Error(USAGE);
  return { namespace, home, organizationIds };
}
