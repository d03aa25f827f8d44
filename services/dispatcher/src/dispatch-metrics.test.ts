import type { RecordedChange } from '@ccluster/db';
import { newId, type JobState } from '@ccluster/domain';
import { createMetrics, withoutCrash } from '@ccluster/runtime';
import { aPlacement } from '@ccluster/testkit';
import { expect, it } from 'vitest';
import { countingClaims, measureDispatch } from './dispatch-metrics.js';

const CREATED_MS = 1_767_225_600_000;
const jobId = newId('job', CREATED_MS, (bytes) => bytes);
const change = (before: string, after: string) => {
  const state = (phase: string) => ({ phase, placement: aPlacement({ clusterId: 'cl_east' }) }) as unknown as JobState;
  return {
    jobId,
    organizationId: 'org',
    eventSequence: 3,
    before: state(before),
    after: state(after),
  } satisfies RecordedChange;
};

it('measures how long a job waited until it was armed, and nothing else of it', async () => {
  const metrics = createMetrics();
  measureDispatch(metrics, change('QUEUED', 'PLACED'), CREATED_MS + 1_000);
  measureDispatch(metrics, change('PLACED', 'ARMED'), CREATED_MS + 7_000);
  measureDispatch(metrics, change('ARMED', 'ENDING'), CREATED_MS + 9_000);
  expect(await metrics.render()).toContain('ccluster_dispatch_seconds_sum{cluster="cl_east"} 7\n');
  expect(await metrics.render()).toContain('ccluster_dispatch_seconds_count{cluster="cl_east"} 1\n');
});

it('counts claims by what became of them', async () => {
  const metrics = createMetrics();
  const atRisk = countingClaims(withoutCrash, metrics);
  await atRisk('claim', async () => ({}));
  await atRisk('claim', async () => undefined);
  await atRisk('place', async () => undefined);
  const text = await metrics.render();
  expect(text).toContain('ccluster_claims_total{outcome="claimed"} 1\n');
  expect(text).toContain('ccluster_claims_total{outcome="none"} 1\n');
});
