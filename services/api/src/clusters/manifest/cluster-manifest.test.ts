import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { clusterManifest, type Manifest } from './cluster-manifest.js';
import { parseManifestOptions } from './parse-manifest-options.js';
import type { PolicyRule } from './policy-rules.js';

interface Rbac {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly rules?: readonly PolicyRule[];
  readonly roleRef?: { readonly kind: string; readonly name: string };
  readonly subjects?: readonly { readonly name: string; readonly namespace: string }[];
}

/** What each account may do, in words: `<account> <where> <verb> <group>/<resource> <object>`. */
function grants(manifests: readonly Manifest[]): string[] {
  const objects = manifests as unknown as readonly Rbac[];
  const granted = objects.flatMap(({ metadata, roleRef, subjects = [] }) => {
    const role = objects.find(
      (each) =>
        each.kind === roleRef?.kind &&
        each.metadata.name === roleRef.name &&
        each.metadata.namespace === metadata.namespace,
    );
    return subjects.flatMap((subject) =>
      (role?.rules ?? []).flatMap(({ apiGroups, resources, resourceNames = ['*'], verbs }) =>
        apiGroups.flatMap((group) =>
          resources.flatMap((resource) =>
            resourceNames.flatMap((object) =>
              verbs.map((verb) => {
                const where = metadata.namespace ?? '(everywhere)';
                return `${subject.namespace}/${subject.name} ${where} ${verb} ${group}/${resource} ${object}`;
              }),
            ),
          ),
        ),
      ),
    );
  });
  return [...new Set(granted)].toSorted();
}

function infraManifests(): Manifest[] {
  const folder = new URL('../../../../../infra/rbac/', import.meta.url);
  return ['00-namespace.yaml', 'dispatcher.yaml', 'watcher.yaml'].flatMap((file) =>
    parseAllDocuments(readFileSync(new URL(file, folder), 'utf8')).map((document) => document.toJS() as Manifest),
  );
}

const kinds = (manifests: readonly Manifest[]) =>
  (manifests as unknown as readonly Rbac[]).map(({ kind, metadata }) =>
    [kind, metadata.namespace, metadata.name].filter((part) => part !== undefined).join(' '),
  );

describe('the manifest of a cluster', () => {
  it('grants what the files of infra/rbac grant, to the letter', () => {
    const manifests = clusterManifest({ namespace: 'ccluster-jobs', home: 'ccluster-jobs', organizationIds: [] });
    expect(grants(manifests)).toEqual(grants(infraManifests()));
    expect(grants(manifests)).toContain('ccluster-jobs/ccluster-dispatcher ccluster-jobs create batch/jobs *');
  });

  it('has a namespace for each organization, and rights to write in those alone', () => {
    const ids = ['org_01arz3ndektsv4rrffq69g5fav', 'org_01bx5zzkbkactav9wevgemmvrz'];
    const manifests = clusterManifest({ namespace: 'jobs-{organization}', home: 'ccluster', organizationIds: ids });
    const own = ids.map((id) => `jobs-${id.slice(4)}`);
    expect(kinds(manifests)).toEqual(
      expect.arrayContaining([
        'Namespace ccluster',
        ...own.flatMap((namespace) => [`Namespace ${namespace}`, `Role ${namespace} ccluster-dispatcher`]),
        'ServiceAccount ccluster ccluster-watcher',
        'ClusterRole ccluster-dispatcher-ccluster',
      ]),
    );
    const everywhere = grants(manifests).filter((grant) => grant.includes('(everywhere)'));
    expect(everywhere.filter((grant) => !/ (get|list|watch) /.test(grant))).toEqual([]);
    expect(everywhere.filter((grant) => /secrets|pods\/log/.test(grant))).toEqual([]);
    for (const namespace of own) {
      expect(grants(manifests)).toContain(`ccluster/ccluster-dispatcher ${namespace} delete /secrets *`);
      expect(grants(manifests)).toContain(`ccluster/ccluster-watcher ${namespace} get /pods/log *`);
    }
  });

  it('never lets a Secret be read', () => {
    for (const grant of grants(infraManifests()).filter((each) => each.includes('secrets')))
      expect(grant).toMatch(/ (create|delete) \/secrets /);
  });
});

describe('its options', () => {
  test.each([
    [['--namespace', 'jobs'], { namespace: 'jobs', home: 'jobs', organizationIds: [] }],
    [['--', '--namespace', 'jobs', '--home', 'ours'], { namespace: 'jobs', home: 'ours', organizationIds: [] }],
    [
      ['--namespace', 'j-{organization}', '--home', 'c', '--organization', 'org_01arz3ndektsv4rrffq69g5fav'],
      { namespace: 'j-{organization}', home: 'c', organizationIds: ['org_01arz3ndektsv4rrffq69g5fav'] },
    ],
  ])('are read from %j', (args, options) => {
    expect(parseManifestOptions(args)).toEqual(options);
  });

  test.each([
    [[]],
    [['--namespace', 'No']],
    [['--namespace', 'a: b']],
    [['--namespace', 'j-{organization}', '--home', 'c']],
    [['--namespace', 'j-{organization}', '--organization', 'org_01arz3ndektsv4rrffq69g5fav']],
    [['--namespace', 'j-{organization}', '--home', 'c', '--organization', 'acme']],
    [['--namespace', 'jobs', '--organization', 'org_01arz3ndektsv4rrffq69g5fav']],
  ])('are refused, with what to give: %j', (args) => {
    expect(() => parseManifestOptions(args)).toThrow('Give --namespace');
  });
});
