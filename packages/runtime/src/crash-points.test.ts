import { describe, expect, it } from 'vitest';
import { crashingAt, crashPointsOf, CRASH_STEPS } from './crash-points.js';

describe('crash points', () => {
  it('dies at the n-th passage of the named point and at no other', async () => {
    const passed: string[] = [];
    const atRisk = crashingAt('dispatcher', 'after place#2', () => passed.push('died'));
    const step = (name: 'claim' | 'place') => atRisk(name, async () => void passed.push(name));
    await step('claim');
    await step('place');
    await step('place');
    await step('place');
    expect(passed).toEqual(['claim', 'place', 'place', 'died', 'place']);
  });

  it('dies before a step without having begun it', async () => {
    const passed: string[] = [];
    const atRisk = crashingAt('watcher', 'before settle#1', () => {
      throw new Error('died');
    });
    await expect(atRisk('settle', async () => void passed.push('settle'))).rejects.toThrow('died');
    expect(passed).toEqual([]);
  });

  it('gives what the step gives', async () => {
    expect(await crashingAt('api', undefined)('hint', async () => 7)).toBe(7);
  });

  it.each(['place', 'after place', 'after place#0', 'after nothing#1', 'after hint#1'])('refuses %j', (setting) => {
    expect(() => crashingAt('dispatcher', setting)).toThrow(/no crash point/);
  });

  it('has two points a step', () => {
    expect(crashPointsOf('api')).toHaveLength(2 * CRASH_STEPS.api.length);
  });
});
