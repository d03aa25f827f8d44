import { describe, expect, it } from 'vitest';

import { planClusters } from './cluster-plan.js';

const INSTANCES = Array.from({ length: 10 }, (_, instance) => instance);

describe('the plan of the clusters', () => {
  it('gives two clusters of different regions and GPUs', () => {
    const plans = planClusters('/checkout/.local', 0);
    expect(plans.map(({ name, region, gpus, dir }) => ({ name, region, gpu: gpus.product, dir }))).toEqual([
      {
        name: 'local-east',
        region: 'us-east',
        gpu: 'NVIDIA-H100-80GB-HBM3',
        dir: '/checkout/.local/clusters/local-east',
      },
      {
        name: 'local-west',
        region: 'us-west',
        gpu: 'NVIDIA-A100-SXM4-40GB',
        dir: '/checkout/.local/clusters/local-west',
      },
    ]);
  });

  it.each([
    ['port', (plan: ReturnType<typeof planClusters>[number]) => Object.values(plan.ports)],
    ['bridge', (plan: ReturnType<typeof planClusters>[number]) => [plan.bridge]],
    ['node address', (plan: ReturnType<typeof planClusters>[number]) => [plan.nodeAddress]],
    ['pod subnet', (plan: ReturnType<typeof planClusters>[number]) => [plan.podSubnet]],
  ])('gives no %s twice over ten instances', (_, valuesOf) => {
    const values = INSTANCES.flatMap((instance) => planClusters('/l', instance)).flatMap<unknown>(valuesOf);
    expect(new Set(values).size).toBe(values.length);
  });

  it('gives bridges names that the kernel takes', () => {
    const names = INSTANCES.flatMap((instance) => planClusters('/l', instance)).map(({ bridge }) => bridge);
    expect(names.filter((name) => name.length > 15)).toEqual([]);
  });
});
