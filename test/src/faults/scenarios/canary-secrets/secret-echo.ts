import type { CclusterClient, CreateJobInput } from '@ccluster/client';
import { ApiException } from '@kubernetes/client-node';
import { waitFor, type TestCluster } from '@ccluster/testkit';

import { registerOwnNamespace, type OwnNamespace } from '../../../support/own-namespace.js';
import { clusterAdmin, REFUSED_ANNOTATION } from '../../lab/admin.js';

/** Jobs that do not name it go elsewhere. */
const NOBODYS_CHOICE_CENTS = 1_000_000;
const IN_FORCE_TIMEOUT_MS = 60_000;

/** A namespace, registered as a cluster, in which a policy refuses Secrets and says what is in them. */
export interface SecretEcho {
  /** Of jobs that go there; their Secrets are refused. */
  readonly refusedSecrets: Partial<CreateJobInput>;
  /** The same, and already the Kubernetes Job is refused. */
  readonly refusedJob: Partial<CreateJobInput>;
  readonly namespace: string;
  stop(): Promise<void>;
}

export async function startSecretEcho(client: CclusterClient, cluster: TestCluster): Promise<SecretEcho> {
  const own = await registerOwnNamespace(client, cluster, {}, { pricePerHourCents: NOBODYS_CHOICE_CENTS });
  const { admission } = clusterAdmin(cluster);
  const policies = [
    {
      name: `${own.name}-secrets`,
      rule: { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['secrets'] },
      expression: 'false',
      // The base64 of all of it.
      messageExpression: `"refused: " + object.data.map(key, key + "=" + object.data[key]).join(" ")`,
    },
    {
      name: `${own.name}-jobs`,
      rule: { apiGroups: ['batch'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['jobs'] },
      expression: `!('${REFUSED_ANNOTATION}' in object.metadata.annotations)`,
      messageExpression: `"refused: " + object.metadata.name`,
    },
  ];
  for (const { name, rule, expression, messageExpression } of policies) {
    await admission.createValidatingAdmissionPolicy({
      body: {
        metadata: { name },
        spec: {
          failurePolicy: 'Fail',
          matchConstraints: {
            resourceRules: [rule],
            namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': own.name } },
          },
          validations: [{ expression, messageExpression }],
        },
      },
    });
    await admission.createValidatingAdmissionPolicyBinding({
      body: { metadata: { name }, spec: { policyName: name, validationActions: ['Deny'] } },
    });
  }
  await waitFor(() => isRefused(own), { timeoutMs: IN_FORCE_TIMEOUT_MS, what: 'the policy to be in force' });
  const placement = { clusterId: own.clusterId };
  return {
    namespace: own.name,
    refusedSecrets: { placement },
    refusedJob: { placement, annotations: [{ key: REFUSED_ANNOTATION, value: 'yes' }] },
    stop: async () => {
      for (const { name } of policies) {
        await admission.deleteValidatingAdmissionPolicyBinding({ name });
        await admission.deleteValidatingAdmissionPolicy({ name });
      }
      await own.delete();
    },
  };
}

/** An API server takes a moment to know a new policy. */
async function isRefused({ core, name }: OwnNamespace): Promise<boolean> {
  const body = { metadata: { name: 'probe' }, data: { probe: '' } };
  try {
    await core.createNamespacedSecret({ namespace: name, body, dryRun: 'All' });
    return false;
  } catch (error) {
    return error instanceof ApiException && String(error.body).includes('refused: probe');
  }
}
