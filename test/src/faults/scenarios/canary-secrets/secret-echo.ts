import type { CclusterClient, CreateJobInput } from '@ccluster/client';
import type { TestCluster } from '@ccluster/testkit';

import { registerOwnNamespace } from '../../../support/own-namespace.js';
import { clusterAdmin, REFUSED_ANNOTATION } from '../../lab/admin.js';

const SEEN_TIMEOUT_MS = 60_000;

/** A namespace, registered as a cluster, in which a policy refuses Secrets and says what is in them. */
export interface SecretEcho {
  /** Of jobs that go there; their Secrets are refused. */
  readonly refusedSecrets: Partial<CreateJobInput>;
  /** The same, and already the Kubernetes Job is refused. */
  readonly refusedJob: Partial<CreateJobInput>;
  /** Resolves when the cluster has refused a Secret of ours. */
  untilRefused(): Promise<void>;
  readonly namespace: string;
  stop(): Promise<void>;
}

/** @param refusals counts what the product was told by the cluster */
export async function startSecretEcho(
  client: CclusterClient,
  cluster: TestCluster,
  refusals: () => Promise<number>,
): Promise<SecretEcho> {
  const own = await registerOwnNamespace(client, cluster);
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
  const placement = { clusterId: own.clusterId };
  return {
    namespace: own.name,
    refusedSecrets: { placement },
    refusedJob: { placement, annotations: [{ key: REFUSED_ANNOTATION, value: 'yes' }] },
    untilRefused: async () => {
      for (const untilMs = performance.now() + SEEN_TIMEOUT_MS; performance.now() < untilMs;) {
        if ((await refusals()) > 0) return;
        await new Promise((later) => setTimeout(later, 500));
      }
      throw new Error('The cluster refused no Secret');
    },
    stop: async () => {
      for (const { name } of policies) {
        await admission.deleteValidatingAdmissionPolicyBinding({ name });
        await admission.deleteValidatingAdmissionPolicy({ name });
      }
      await own.delete();
    },
  };
}
