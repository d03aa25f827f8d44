import type { Permission } from '../needed-permissions.js';

/** A rule of a Role. */
export interface PolicyRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

/** The fewest rules that grant these permissions and nothing else: one for each resource, and for named objects of it. */
export function policyRules(permissions: readonly Permission[]): PolicyRule[] {
  const named = Map.groupBy(permissions, ({ group, resource, verb, object }) =>
    // Names are only put together where all of them may be treated alike.
    JSON.stringify([group, resource, object === undefined ? null : verb]),
  );
  return [...named.values()].flatMap((alike) => {
    const [first] = alike;
    if (first === undefined) return [];
    const names = unique(alike.flatMap(({ object }) => (object === undefined ? [] : [object])));
    return [
      {
        apiGroups: [first.group],
        resources: [first.resource],
        ...(names.length === 0 ? {} : { resourceNames: names }),
        verbs: unique(alike.map(({ verb }) => verb)),
      },
    ];
  });
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
