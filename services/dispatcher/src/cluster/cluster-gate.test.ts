import { describe, expect, it } from 'vitest';
import { ClusterFault } from './cluster-fault.js';
import { createClusterGate } from './cluster-gate.js';

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
    const first = [gate.run('a', hanging), gate.run('a', hanging)];
    await expect(gate.run('a', hanging)).rejects.toMatchObject({ kind: 'BUSY' });
    await expect(gate.run('b', () => Promise.resolve(1))).resolves.toBe(1);
    for (const end of open) end();
    await Promise.all(first);
    await expect(gate.run('a', () => Promise.resolve(2))).resolves.toBe(2);
  });

  it('rests after a failure, each time twice as long, a minute at most, and forgets with the first success', async () => {
    const { gate, clock } = aGate();
    for (const restMs of [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]) {
      await expect(gate.run('a', unreachable)).rejects.toMatchObject({ kind: 'UNREACHABLE' });
      expect(gate.restMs('a')).toBe(restMs);
      clock.ms += restMs;
    }
    await gate.run('a', () => Promise.resolve());
    await expect(gate.run('a', unreachable)).rejects.toMatchObject({ kind: 'UNREACHABLE' });
    expect(gate.restMs('a')).toBe(1_000);
  });

  it('does not call a cluster that rests, and says why it rests', async () => {
    const { gate } = aGate();
    await expect(gate.run('a', unreachable)).rejects.toThrow('refused');
    let called = false;
    const work = () => Promise.resolve((called = true));
    await expect(gate.run('a', work)).rejects.toThrow('refused');
    expect(called).toBe(false);
    expect(gate.trouble('a')?.message).toBe('refused');
    expect(gate.trouble('b')).toBeUndefined();
  });

  it('calls a cluster again at once that is not what it was when it failed', async () => {
    const { gate } = aGate();
    await expect(gate.run('a', unreachable)).rejects.toThrow('refused');
    gate.forget('a');
    await expect(gate.run('a', () => Promise.resolve(1))).resolves.toBe(1);
  });

  it('takes failures of calls that were under way together as one', async () => {
    const { gate } = aGate();
    await Promise.allSettled([gate.run('a', unreachable), gate.run('a', unreachable)]);
    expect(gate.restMs('a')).toBe(1_000);
  });

  it('does not rest for what concerns one order only', async () => {
    const { gate } = aGate();
    const refused = () => Promise.reject(new ClusterFault('POLICY_REFUSED', 'no'));
    await expect(gate.run('a', refused)).rejects.toThrow('no');
    expect(gate.restMs('a')).toBe(0);
  });
});
