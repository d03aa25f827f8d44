import { describe, expect, it } from 'vitest';
import { aPod, aRawPod, OWN_LABELS, withContainer } from '../testing/raw-objects.js';
import { podParser } from './kubernetes-pod.js';

describe('a pod', () => {
  it('is an attempt of ours by its labels, its index and its owner', () => {
    expect(aPod().attempt).toMatchObject({ jobId: 'job_1', index: 3, kubernetesUid: 'job-uid', nodeName: 'node-1' });
  });

  it.each([
    [
      'of another installation',
      { labels: { ...OWN_LABELS, 'ccluster.io/job-id': 'job_1', 'ccluster.io/installation': 'other' } },
    ],
    ['without an index', { annotations: {} }],
    ['that nobody controls', { ownerReferences: [] }],
    ['without a job', { labels: OWN_LABELS }],
  ])('%s is none, and still holds its node', (_, metadata) => {
    expect(aPod({ metadata })).toMatchObject({ attempt: null, nodeName: 'node-1', requests: { cpu: 500 } });
  });

  it('was told to stop when the grace began, not when it ends', () => {
    const metadata = { deletionTimestamp: '2026-01-01T00:01:00Z', deletionGracePeriodSeconds: 30 };
    expect(aPod({ metadata }).attempt?.stopRequestedAt).toEqual(new Date('2026-01-01T00:00:30Z'));
  });

  it('has the digest of the image that its container runs', () => {
    const digest = `sha256:${'0f'.repeat(32)}`;
    const status = {
      phase: 'Running',
      containerStatuses: [{ name: 'main', imageID: `docker.io/a/b@${digest}`, state: {} }],
    };
    expect(aPod({ status }).attempt?.imageDigest).toBe(digest);
  });

  it("brings words that can be stored, whatever its cluster's are", () => {
    const words = `a\0b\ud800${'x'.repeat(10_000)}`;
    const state = { waiting: { reason: 'ErrImagePull', message: words } };
    const container = aPod({ status: withContainer('Pending', state) }).attempt?.container;
    expect(container).toEqual({ state: 'WAITING', reason: 'ErrImagePull', message: `ab\ufffd${'x'.repeat(2_044)}` });
  });

  it('is refused where it is none', () => {
    const parse = podParser(OWN_LABELS);
    expect(() => parse({ kind: 'Pod' })).toThrow(/metadata/);
    expect(() => parse(aRawPod({ status: { phase: 7 } }))).toThrow(/phase/);
  });
});
