const MAX_PREFIX_CHARACTERS = 253;
const MAX_NAME_CHARACTERS = 63;
const DNS_SUBDOMAIN = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;
const NAME = /^[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?$/;

export const QUALIFIED_NAME_RULE =
  'must be a Kubernetes qualified name: 1 to 63 letters, digits, "-", "_" and ".", first and last a letter or digit, after an optional DNS name and "/"';

/** Kubernetes' rule for keys of annotations and labels and for names of resources. */
export function isQualifiedName(key: string): boolean {
  const prefix = keyPrefix(key);
  if (prefix !== null && (prefix.length > MAX_PREFIX_CHARACTERS || !DNS_SUBDOMAIN.test(prefix))) return false;
  const name = prefix === null ? key : key.slice(prefix.length + 1);
  return name.length <= MAX_NAME_CHARACTERS && NAME.test(name);
}

/** What is before the slash; null without one. */
export function keyPrefix(key: string): string | null {
  const slash = key.indexOf('/');
  return slash === -1 ? null : key.slice(0, slash);
}

export const LABEL_VALUE_RULE =
  'must be empty or 1 to 63 letters, digits, "-", "_" and ".", first and last a letter or digit';

export function isLabelValue(value: string): boolean {
  return value === '' || (value.length <= MAX_NAME_CHARACTERS && NAME.test(value));
}

const QUOTA_PREFIX = 'requests.';

export const EXTENDED_RESOURCE_RULE =
  'must be the name of a device resource, such as nvidia.com/gpu: with a prefix of at most 244 characters that is not of kubernetes.io and does not begin with "requests."';

/** As Kubernetes tells extended resources: a quota on one is named `requests.<name>`, which must be a name too. */
export function isExtendedResource(name: string): boolean {
  const prefix = keyPrefix(name);
  if (prefix === null || prefix.startsWith(QUOTA_PREFIX) || prefix.endsWith('kubernetes.io')) return false;
  return isQualifiedName(`${QUOTA_PREFIX}${name}`);
}
