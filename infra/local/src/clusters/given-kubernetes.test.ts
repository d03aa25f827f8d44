import { describe, expect, it } from 'vitest';

import { clusterName } from './given-kubernetes.js';

describe('clusterName', () => {
  it.each([
    ['minikube', 'minikube'],
    ['arn:aws:eks:us-east-1:123:cluster/Training', 'arn-aws-eks-us-east-1-123-cluster-traini'],
    ['kubernetes-admin@prod', 'kubernetes-admin-prod'],
    ['42', 'own'],
  ])('makes of %s the name %s', (context, name) => {
    expect(clusterName(context)).toBe(name);
  });
});
