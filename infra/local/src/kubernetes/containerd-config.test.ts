import { describe, expect, it } from 'vitest';

import { planClusters } from './cluster-plan.js';
import { cniConfig, containerdConfig, plainHttpHosts } from './containerd-config.js';

const plan = planClusters('/l', 0).at(1);
if (plan === undefined) throw new Error('there is no second cluster');

describe('the configuration of containerd', () => {
  it('keeps everything in the directory of the cluster', () => {
    const paths = containerdConfig(plan, '/parts').match(/"\/[^"]*"/g) ?? [];
    expect(
      paths.filter((path) => !path.startsWith('"/l/clusters/local-west/') && !path.startsWith('"/parts/')),
    ).toEqual([]);
  });

  it('lowers no OOM score, which some machines forbid', () => {
    expect(containerdConfig(plan, '/parts')).toContain('restrict_oom_score_adj = true');
  });

  it('pulls from a registry without TLS', () => {
    expect(plainHttpHosts('127.0.0.1:5000')).toBe(
      'server = "http://127.0.0.1:5000"\n\n[host."http://127.0.0.1:5000"]\ncapabilities = ["pull", "resolve"]\n',
    );
  });

  it('gives pods addresses of the bridge, whose own is the node', () => {
    expect(cniConfig(plan)).toMatchObject({
      plugins: [
        { type: 'bridge', bridge: plan.bridge, ipam: { ranges: [[{ subnet: plan.podSubnet }]] } },
        { type: 'loopback' },
      ],
    });
    expect(plan.podSubnet).toBe(`${plan.nodeAddress.replace(/1$/, '0')}/${plan.prefixLength}`);
  });
});
