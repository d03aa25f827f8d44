import { randomFillSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { newId } from '@ccluster/domain';
import {
  allowClusterAddresses,
  connectCluster,
  parseKubeconfig,
  readClusterIdentity,
  type ClusterConnection,
} from '@ccluster/kubernetes';
import { readTestEnvironment, testRedisPrefix } from '@ccluster/testkit';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ClusterWriter, KubernetesJobRef } from '../../cluster/cluster-writer.js';
import { createKubernetesClusterWriter } from '../../cluster/kubernetes-cluster-writer.js';
import { anOrder, anOrderedInstanceType, JOB_ID } from '../build-order.js';
import { serve } from './api-server.js';
import { startRun, type ClusterRequest } from './ask.js';
import { noTroubles } from './budgets.js';
import { INSTALLATION, modelConnection, NAMESPACE } from './model-connection.js';
import { initialWorld, type World } from './world.js';

const REAL_NAMESPACE = 'ccluster-jobs';
const { signal } = new AbortController();
let connection: ClusterConnection;
let real: ClusterWriter;

beforeAll(async () => {
  const [cluster] = readTestEnvironment().clusters;
  if (cluster === undefined) throw new Error('The test environment has no cluster');
  const kubeconfig = parseKubeconfig(readFileSync(cluster.dispatcherKubeconfig, 'utf8'));
  connection = connectCluster(kubeconfig, {
    addresses: allowClusterAddresses(['0.0.0.0/0', '::/0']),
    requestTimeoutMs: 10_000,
  });
  const { systemUid } = await readClusterIdentity(connection);
  const ownership = { installation: testRedisPrefix(), clusterId: 'cl_test' };
  real = createKubernetesClusterWriter(connection, ownership, systemUid);
});

afterAll(() => connection.close());

type Operation =
  | { readonly kind: 'post'; readonly epoch: number }
  | { readonly kind: 'find' }
  /** Of the Kubernetes Job that was posted so many times ago. */
  | { readonly kind: 'delete'; readonly ago: number }
  | { readonly kind: 'change'; readonly ago: number; readonly from: number; readonly suspend: boolean };

const anyOperation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({ kind: fc.constant('post' as const), epoch: fc.integer({ min: 1, max: 3 }) }),
  fc.constant({ kind: 'find' as const }),
  fc.record({ kind: fc.constant('delete' as const), ago: fc.constantFrom(0, 0, 1) }),
  fc.record({
    kind: fc.constant('change' as const),
    ago: fc.constantFrom(0, 0, 0, 1),
    from: fc.integer({ min: 0, max: 2 }),
    suspend: fc.boolean(),
  }),
);

it('answers the dispatcher’s calls as Kubernetes does', async () => {
  const operations = fc.array(anyOperation, { minLength: 6, maxLength: 14 });
  await fc.assert(
    fc.asyncProperty(operations, async (run) => {
      const transcript = [{ kind: 'post', epoch: 1 } as const, ...run, { kind: 'find' } as const];
      const jobId = newId('job', Date.now(), (bytes) => randomFillSync(bytes));
      expect(await transcriptOf(inModel(), transcript, JOB_ID, NAMESPACE)).toEqual(
        await transcriptOf(real, transcript, jobId, REAL_NAMESPACE),
      );
    }),
    { numRuns: 15 },
  );
}, 180_000);

/** What is answered, with uids counted in the order of their POSTs; what is left is deleted. */
async function transcriptOf(
  writer: ClusterWriter,
  operations: readonly Operation[],
  jobId: string,
  namespace: string,
): Promise<unknown[]> {
  // For a node that no cluster has: no container ever runs.
  const instanceType = anOrderedInstanceType({ nodeSelector: { 'example.com/nowhere': 'yes' } });
  const posted: KubernetesJobRef[] = [];
  const ago = (count: number) => posted.at(-1 - count) ?? posted[0]!;
  const answers: unknown[] = [];
  const seenBy = (job: Awaited<ReturnType<ClusterWriter['findJob']>>) =>
    job && [posted.findIndex(({ uid }) => uid === job.uid), job.epoch, job.intent, job.suspended, job.deleting];
  for (const operation of operations) {
    switch (operation.kind) {
      case 'post': {
        const order = anOrder({ jobId, namespace, instanceType, epoch: operation.epoch });
        const result = await writer.postJob(order, signal);
        if (result !== undefined) posted.push(result.job);
        answers.push(seenBy(result?.job));
        break;
      }
      case 'find':
        answers.push(seenBy(await writer.findJob(ago(0), signal)));
        break;
      case 'delete':
        answers.push(await writer.deleteJob(ago(operation.ago), signal));
        break;
      case 'change': {
        const { from, suspend } = operation;
        const version = await writer.changeIntent(ago(operation.ago), { from, to: from + 1, suspend }, signal);
        answers.push(version === undefined ? 'refused' : 'changed');
      }
    }
  }
  for (const job of posted) await writer.deleteJob(job, signal);
  return answers;
}

/** The dispatcher's own adapter over the API server of the model, nothing failing. */
function inModel(): ClusterWriter {
  let world: World = initialWorld(noTroubles);
  const writer = createKubernetesClusterWriter(
    modelConnection('a'),
    { installation: INSTALLATION, clusterId: 'a' },
    'a',
  );
  const answered = async <T>(call: () => Promise<T>): Promise<T> => {
    let result: { readonly value: T } | undefined;
    const run = await startRun(async () => {
      result = { value: await call() };
    });
    while (run.request !== null) {
      const served = serve(world, run.request as ClusterRequest);
      ({ world } = served);
      await run.answer(served.answer);
    }
    if (result === undefined) throw new Error('The call failed');
    return result.value;
  };
  return {
    ...writer,
    postJob: (...given) => answered(() => writer.postJob(...given)),
    findJob: (...given) => answered(() => writer.findJob(...given)),
    deleteJob: (...given) => answered(() => writer.deleteJob(...given)),
    changeIntent: (...given) => answered(() => writer.changeIntent(...given)),
  };
}
