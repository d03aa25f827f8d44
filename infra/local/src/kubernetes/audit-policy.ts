/** Who patches the status of simulated pods, as the kubelet does that of real ones. */
export const SIMULATOR_USER = 'ccluster-simulator';

const CONTAINER_STATUS_RULE = { level: 'Request', verbs: ['patch'], resources: [resource('', 'pods/status')] };

/**
 * What the API servers write to `audit.log`, which alone tells what became of every Kubernetes Job, whatever the product
 * says of itself. One line of JSON (`Event` of audit.k8s.io/v1) for each request, in the order of the answers:
 *
 * - every line: `verb`, `objectRef` {resource, subresource?, namespace, name?}, `user.username`, `responseStatus.code`,
 *   `requestReceivedTimestamp` and `stageTimestamp` (the answer), both RFC 3339 with microseconds
 * - create jobs: `responseObject` is the Job: `metadata` {name, uid, labels, annotations}, `spec.suspend`
 * - patch jobs: `requestObject` is the patch itself, a JSON Patch with its tests as an array; update jobs: the new Job
 * - update jobs/status, by the job controller: `requestObject` is the Job, of which `status.completedIndexes` and
 *   `status.conditions` count; patch jobs/status, by the dispatcher: a JSON Patch
 * - delete jobs: `requestObject` {preconditions.uid?, propagationPolicy?}; the deleted uid is `responseObject.details.uid`,
 *   or `responseObject.metadata.uid` where finalizers keep the Job for a while
 * - create pods: `responseObject.metadata` {name, uid, ownerReferences[0].uid (the Job's), labels, among them
 *   `batch.kubernetes.io/job-completion-index`}; `objectRef` has no name, since the API server makes it
 * - patch pods/status, by kubelets and the simulator only: `requestObject.metadata.uid` and
 *   `requestObject.status.containerStatuses[].state`, of which `running.startedAt` or `terminated.startedAt` say that the
 *   container started: a short one is never seen running
 * - delete pods, all of Secrets: who and when, never the content
 *
 * Refused requests are there too: only a code below 300 did something, and one of 500 and more (etcd gave no answer) may
 * have. A killed API server leaves out what it had done and not yet answered, and may cut its last line short, so that
 * the next one begins in the same line. Restores and wipes of etcd are not in it.
 */
export const auditPolicy = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived'],
  omitManagedFields: true,
  rules: [
    { level: 'None', namespaces: ['kube-system', 'kube-public', 'kube-node-lease'] },
    { level: 'RequestResponse', verbs: ['create', 'delete'], resources: [resource('batch', 'jobs')] },
    { level: 'Request', verbs: ['update', 'patch', 'deletecollection'], resources: [resource('batch', 'jobs')] },
    { level: 'Request', verbs: ['update', 'patch'], resources: [resource('batch', 'jobs/status')] },
    { level: 'RequestResponse', verbs: ['create'], resources: [resource('', 'pods')] },
    { ...CONTAINER_STATUS_RULE, userGroups: ['system:nodes'] },
    { ...CONTAINER_STATUS_RULE, users: [SIMULATOR_USER] },
    { level: 'Metadata', verbs: ['delete', 'deletecollection'], resources: [resource('', 'pods')] },
    {
      level: 'Metadata',
      verbs: ['create', 'update', 'patch', 'delete', 'deletecollection'],
      resources: [resource('', 'secrets')],
    },
    { level: 'None' },
  ],
};

function resource(group: string, name: string) {
  return { group, resources: [name] };
}
