import { describe, expect, it } from 'vitest';

import { planClusters, type ClusterPlan } from './cluster-plan.js';
import { kubeletConfig } from './kubelet.js';

const [east, west] = planClusters('/l', 3).map((plan) => ({ plan, config: configOf(plan) }));

describe('the configuration of the kubelet', () => {
  it.each([east, west])('keeps everything in the directory of its cluster', (cluster) => {
    const paths = JSON.stringify(cluster?.config).match(/"(unix:\/)?\/[^"]*"/g) ?? [];
    expect(paths).not.toEqual([]);
    expect(paths.filter((path) => !path.includes(`/${cluster?.plan.name}/`))).toEqual([]);
  });

  it('serves on the address of its node, to the API server only', () => {
    expect(east?.config).toMatchObject({
      address: east?.plan.nodeAddress,
      authentication: { anonymous: { enabled: false }, x509: { clientCAFile: '/l/clusters/local-east/ca.crt' } },
    });
  });

  it('pulls and starts many pods at once', () => {
    expect(west?.config).toMatchObject({ maxPods: 250, serializeImagePulls: false, registryPullQPS: 0 });
  });
});

function configOf(plan: ClusterPlan): object {
  const keyPair = (name: string) => ({ certificate: `${plan.dir}/${name}.crt`, key: `${plan.dir}/${name}.key` });
  return kubeletConfig(plan, { kubeletServer: keyPair('kubelet-server'), caFile: `${plan.dir}/ca.crt` });
}
