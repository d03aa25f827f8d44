import { createSealer, findClusterAccess, sealContexts, type Sealer } from '@ccluster/db';
import { SecretText } from '@ccluster/domain';
import { clusterAddressesVariable } from '@ccluster/kubernetes';
import { withoutCrash } from '@ccluster/runtime';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClusterConnections } from '../cluster/cluster-connections.js';
import { openKubernetesCluster } from '../cluster/open-kubernetes-cluster.js';
import type { DispatchContext } from '../dispatch-context.js';
import { readJobSecrets } from '../job-secrets.js';
import { openDispatchFixture, type DispatchFixture } from '../testing/dispatch-fixture.js';
import type { FakeCluster } from '../testing/fake-cluster.js';
import { workOnJob } from '../work-on-job.js';

const [sealing, other] = [createSealer([Buffer.alloc(32, 1)]), createSealer([Buffer.alloc(32, 2)])];
const SECRET = 'canary-0e1f';

let fixture: DispatchFixture;
let here: FakeCluster;
beforeEach(async () => {
  fixture = await openDispatchFixture();
  here = await fixture.addCluster('here', 1, 100);
});
afterEach(() => fixture.close());

const work = (jobId: string, change: Partial<DispatchContext>) =>
  workOnJob({ ...fixture.context, ...change }, jobId, new AbortController().signal);
const query = async (text: string, ...values: unknown[]) =>
  (await fixture.context.database.pool.query<Record<string, unknown>>(text, values)).rows;
const eventsOf = async (jobId: string) =>
  (await query('SELECT type FROM job_events WHERE job_id = $1 ORDER BY sequence', jobId)).map(({ type }) => type);

describe('a job whose secrets cannot be read', () => {
  const reading = (sealer: Sealer) => ({
    readSecrets: (jobId: string) => readJobSecrets(fixture.context.database.db, sealer, jobId),
  });
  const addJobWithSecret = async () => {
    const jobId = await fixture.addJob({ completions: 1, parallelism: 1 });
    const secrets = new SecretText(JSON.stringify({ imagePull: null, env: { TOKEN: SECRET } }));
    const sealed = sealing.seal(secrets, sealContexts.jobSecrets(jobId));
    await query('INSERT INTO job_secrets VALUES ($1, $2)', jobId, sealed);
    return jobId;
  };

  it('says so once, with the id of the key, is looked at every 30 s, and starts once they can be read', async () => {
    const jobId = await addJobWithSecret();
    await work(jobId, reading(other));
    const message = expect.stringContaining(`is sealed with the encryption key ${sealing.keyId}, which is not here`);
    const waiting = { phase: 'QUEUED', reason: { code: 'SECRETS_UNREADABLE', message } };
    expect(await fixture.stateOf(jobId)).toMatchObject(waiting);
    const events = await eventsOf(jobId);
    for (let looks = 0; looks < 3; looks += 1) {
      const [row] = await query('SELECT extract(epoch FROM due_at - now())::float8 AS seconds FROM jobs');
      expect(Math.abs((row!['seconds'] as number) - 30)).toBeLessThan(5);
      await fixture.makeDue(jobId);
      await work(jobId, reading(other));
    }
    expect(await fixture.stateOf(jobId)).toMatchObject(waiting);
    expect(await eventsOf(jobId)).toEqual(events);
    expect(here.calls).toEqual([]);
    await fixture.makeDue(jobId);
    await work(jobId, reading(sealing));
    expect(await fixture.stateOf(jobId)).toMatchObject({ phase: 'ARMED', intent: { released: true } });
    expect(JSON.stringify([...fixture.published, here.calls])).not.toContain(SECRET);
  });

  it('keeps no room from a younger one', async () => {
    const older = await addJobWithSecret();
    await work(older, reading(other));
    const younger = await fixture.addJob({ completions: 1, parallelism: 1 });
    await work(younger, reading(other));
    expect(await fixture.stateOf(younger)).toMatchObject({ phase: 'ARMED' });
    expect(await fixture.stateOf(older)).toMatchObject({ phase: 'QUEUED', reason: { code: 'SECRETS_UNREADABLE' } });
  });
});

describe('a cluster whose credentials cannot be read', () => {
  const connecting = (sealer: Sealer) => {
    const config = { installation: 'test', clusterAddresses: clusterAddressesVariable.parse('') };
    const { db } = fixture.context.database;
    const connections = createClusterConnections(
      (id) => findClusterAccess(db, id),
      (access) => openKubernetesCluster(access, sealer, config, withoutCrash),
    );
    return { connections };
  };
  beforeEach(() =>
    query(
      'UPDATE clusters SET credentials = $1',
      sealing.seal(new SecretText(JSON.stringify({ bearerToken: SECRET })), sealContexts.credentials('here')),
    ),
  );

  it('rests, and is what a new job waits for, with the id of the key', async () => {
    const jobId = await fixture.addJob();
    await work(jobId, connecting(other));
    const message = expect.stringContaining(`is sealed with the encryption key ${sealing.keyId}, which is not here`);
    expect(await fixture.stateOf(jobId)).toMatchObject({
      phase: 'QUEUED',
      reason: { code: 'CLUSTER_REFUSED', message },
    });
    expect(fixture.context.gate.restMs({ clusterId: 'here' })).toBeGreaterThan(500);
    expect(JSON.stringify(fixture.published)).not.toContain(SECRET);
    fixture.clock.ms += 60_000;
    await fixture.makeDue(jobId);
    await fixture.work(jobId);
    expect(await fixture.stateOf(jobId)).toMatchObject({ phase: 'ARMED', intent: { released: true } });
  });

  it('is waited for by a job that is there', async () => {
    const jobId = await fixture.addJob();
    await fixture.work(jobId);
    await fixture.happen(jobId, { type: 'SUSPEND_REQUESTED', by: 'somebody' });
    await fixture.makeDue(jobId);
    await work(jobId, connecting(other));
    expect(await fixture.stateOf(jobId)).toMatchObject({
      phase: 'ARMED',
      intent: { decided: 2, applied: 1 },
      reason: { code: 'CLUSTER_UNREACHABLE', message: expect.stringContaining(sealing.keyId) },
    });
    fixture.clock.ms += 60_000;
    await fixture.makeDue(jobId);
    await fixture.work(jobId);
    expect(await fixture.stateOf(jobId)).toMatchObject({ phase: 'ARMED', intent: { decided: 2, applied: 2 } });
  });
});
