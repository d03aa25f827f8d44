import { describe, expect, it } from 'vitest';
import { ClusterFault } from './cluster-fault.js';
import { createClusterGate, type Target } from './cluster-gate.js';

function aGate() {
  const clock = { ms: 1_000_000 };
  return { clock, gate: createClusterGate({ places: 2, waitMs: 5, nowMs: () => clock.ms }) };
}

const unreachable = () => Promise.reject(new ClusterFault('UNREACHABLE', 'refused'));

describe('a cluster gate', () => {
  it('lets no more calls into one cluster than it has places, and others pass', async () => {
    const { gate } = aGate();
    const open: (() => void)[] = [];
    const hanging = () => new Promise<void>((resolve) => open.push(resolve));
    const first = [gate.run({ clusterId: 'a' }, hanging), gate.run({ clusterId: 'a' }, hanging)];
    await expect(gate.run({ clusterId: 'a' }, hanging)).rejects.toMatchObject({ kind: 'BUSY' });
    await expect(gate.run({ clusterId: 'b' }, () => Promise.resolve(1))).resolves.toBe(1);
    for (const end of open) end();
    await Promise.all(first);
    await expect(gate.run({ clusterId: 'a' }, () => Promise.resolve(2))).resolves.toBe(2);
  });

  it('rests after a failure, each time twice as long, a minute at most, and forgets with the first success', async () => {
    const { gate, clock } = aGate();
    for (const restMs of [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]) {
      await expect(gate.run({ clusterId: 'a' }, unreachable)).rejects.toMatchObject({ kind: 'UNREACHABLE' });
      expect(gate.restMs({ clusterId: 'a' })).toBe(restMs);
      clock.ms += restMs;
    }
    await gate.run({ clusterId: 'a' }, () => Promise.resolve());
    await expect(gate.run({ clusterId: 'a' }, unreachable)).rejects.toMatchObject({ kind: 'UNREACHABLE' });
    expect(gate.restMs({ clusterId: 'a' })).toBe(1_000);
  });

  it('does not call a cluster that rests, and says why it rests', async () => {
    const { gate } = aGate();
    await expect(gate.run({ clusterId: 'a' }, unreachable)).rejects.toThrow('refused');
    let called = false;
    const work = () => Promise.resolve((called = true));
    await expect(gate.run({ clusterId: 'a' }, work)).rejects.toThrow('refused');
    expect(called).toBe(false);
    expect(gate.trouble({ clusterId: 'a' })?.message).toBe('refused');
    expect(gate.trouble({ clusterId: 'b' })).toBeUndefined();
  });

  it('calls a cluster again at once that is not what it was when it failed', async () => {
    const { gate } = aGate();
    await expect(gate.run({ clusterId: 'a' }, unreachable)).rejects.toThrow('refused');
    gate.forget('a');
    await expect(gate.run({ clusterId: 'a' }, () => Promise.resolve(1))).resolves.toBe(1);
  });

  it('takes failures of calls that were under way together as one', async () => {
    const { gate } = aGate();
    await Promise.allSettled([gate.run({ clusterId: 'a' }, unreachable), gate.run({ clusterId: 'a' }, unreachable)]);
    expect(gate.restMs({ clusterId: 'a' })).toBe(1_000);
  });

  it('lets a namespace that refuses rest alone, and the cluster with all its namespaces', async () => {
    const { gate, clock } = aGate();
    const refused = () => Promise.reject(new ClusterFault('NAMESPACE_REFUSED', 'not there'));
    const [one, other] = ['one', 'other'].map((namespace) => ({ clusterId: 'a', namespace })) as [Target, Target];
    await expect(gate.run(one, refused)).rejects.toThrow('not there');
    expect([one, other, { clusterId: 'a' }].map((target) => gate.restMs(target))).toEqual([1_000, 0, 0]);
    expect(gate.trouble(one)?.message).toBe('not there');
    await expect(gate.run(other, () => Promise.resolve(1))).resolves.toBe(1);
    await expect(gate.run(one, () => Promise.resolve(1))).rejects.toThrow('not there');
    clock.ms += 1_000;
    await expect(gate.run(other, unreachable)).rejects.toThrow('refused');
    expect([one, other, { clusterId: 'a' }].map((target) => gate.restMs(target))).toEqual([1_000, 1_000, 1_000]);
    gate.forget('a');
    expect([one, other, { clusterId: 'a' }].map((target) => gate.restMs(target))).toEqual([0, 0, 0]);
  });

  it('does not rest for what concerns one order only', async () => {
    const { gate } = aGate();
    const refused = () => Promise.reject(new ClusterFault('POLICY_REFUSED', 'no'));
    await expect(gate.run({ clusterId: 'a' }, refused)).rejects.toThrow('no');
    expect(gate.restMs({ clusterId: 'a' })).toBe(0);
  });
});
