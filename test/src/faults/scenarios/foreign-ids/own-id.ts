import type { World } from './world.js';

const KINDS: readonly [about: RegExp, prefix: string][] = [
  [/job/i, 'job_'],
  [/pod/i, 'pod_'],
  [/instance/i, 'it_'],
  [/cluster/i, 'cl_'],
  [/key/i, 'key_'],
  [/organization/i, 'org_'],
];

/** An id of an organization's own for a place that needs one: by the place's name, or its field's where that is `id`. */
export function ownId({ ids, jobIds }: World, fieldName: string, name: string): string {
  const [, prefix] = KINDS.find(([about]) => about.test(name === 'id' ? fieldName : name)) ?? [];
  if (prefix === undefined || prefix === 'job_') return jobIds[0];
  return ids.find((id) => id.startsWith(prefix)) ?? jobIds[0];
}
