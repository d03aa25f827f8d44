import { expect, it } from 'vitest';
import { explainUnschedulable } from './explain-unschedulable.js';

it.each([
  [
    '0/3 nodes are available: 1 node(s) had untolerated taint {nvidia.com/gpu: present}, 2 Insufficient nvidia.com/gpu. preemption: 0/3 nodes are available: 3 No preemption victims found for incoming pod.',
    'No node can take this pod (of 3): 1 have a taint that the instance type does not tolerate {nvidia.com/gpu: present}, 2 have too few nvidia.com/gpu free.',
  ],
  [
    '0/1 nodes are available: 1 node(s) had untolerated taint(s). no new claims to deallocate, preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.',
    'No node can take this pod (of 1): 1 have a taint that the instance type does not tolerate.',
  ],
  [
    "0/2 nodes are available: 1 Insufficient cpu, 1 Insufficient memory, 2 node(s) didn't match Pod's node affinity/selector.",
    "No node can take this pod (of 2): 1 have too little CPU free, 1 have too little memory free, 2 do not match the instance type's node selector.",
  ],
  ['0/4 nodes are available: 4 node(s) were unschedulable.', 'No node can take this pod (of 4): 4 are cordoned.'],
  ['0/1 nodes are available: 1 something never seen.', 'No node can take this pod (of 1): 1 something never seen.'],
])('puts the sentence of the scheduler into plain words, and keeps it: case %#', (message, summary) => {
  expect(explainUnschedulable(message)).toBe(`${summary} The scheduler says: ${message}`);
});

it('passes on what it does not understand', () => {
  expect(explainUnschedulable('no nodes available to schedule pods')).toBe(
    'No node can take this pod: no nodes available to schedule pods',
  );
  expect(explainUnschedulable('')).toBe('No node can take this pod');
});
