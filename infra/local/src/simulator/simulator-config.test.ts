import { describe, expect, it } from 'vitest';

import { simulatedInstanceTypes } from './behaviours.js';
import { simulatedNode } from './simulated-nodes.js';
import { simulatorConfig } from './simulator-config.js';

interface Stage {
  metadata?: { name: string };
  spec?: { selector: unknown; delay?: { durationMilliseconds: number }; weight?: number };
}

/** As KWOK reads a behaviour: the stages that may end a pod which selects by this label. */
function endsOf(
  label: string,
): { name: string | undefined; afterMs: number | undefined; weight: number | undefined }[] {
  return simulatorConfig()
    .map((document) => document as Stage)
    .filter(({ spec }) =>
      JSON.stringify(spec?.selector ?? null).includes(JSON.stringify(`.spec.nodeSelector["${label}"]`)),
    )
    .map(({ metadata, spec }) => ({
      name: metadata?.name,
      afterMs: spec?.delay?.durationMilliseconds,
      weight: spec?.weight,
    }));
}

describe('simulated pods', () => {
  it.each([
    { type: 'kwok', ends: [{ name: 'kwok-succeed', afterMs: 1_000, weight: 100 }] },
    { type: 'kwok-fast', ends: [{ name: 'kwok-fast-succeed', afterMs: 0, weight: 100 }] },
    { type: 'kwok-slow', ends: [{ name: 'kwok-slow-succeed', afterMs: 30_000, weight: 100 }] },
    {
      type: 'kwok-flaky',
      ends: [
        { name: 'kwok-flaky-succeed', afterMs: 1_000, weight: 90 },
        { name: 'kwok-flaky-fail', afterMs: 1_000, weight: 10 },
      ],
    },
  ])('of $type end as said', ({ type, ends }) => {
    const selector = simulatedInstanceTypes().find(({ name }) => name === type)?.nodeSelector[0];
    expect(endsOf(selector?.key ?? '')).toEqual(ends);
  });

  it.each(simulatedInstanceTypes())('of $name have room on a simulated node, and no other pods have', (type) => {
    const { metadata, spec } = simulatedNode('n');
    for (const { key, value } of type.nodeSelector) expect(metadata?.labels).toHaveProperty([key], value);
    expect(spec?.taints).toEqual(type.tolerations);
  });
});
