/**
 * What the API servers write to `audit.log`: who changed Kubernetes Jobs, pods and Secrets. A Kubernetes Job's whole
 * request, so that a release can be told from other changes; of Secrets never the content.
 */
export const auditPolicy = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived'],
  rules: [
    {
      level: 'Request',
      verbs: ['create', 'update', 'patch', 'delete', 'deletecollection'],
      resources: [{ group: 'batch', resources: ['jobs'] }],
    },
    {
      level: 'Metadata',
      verbs: ['create', 'delete', 'deletecollection'],
      resources: [{ group: '', resources: ['pods', 'secrets'] }],
    },
    { level: 'None' },
  ],
};
