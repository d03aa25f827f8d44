import { text } from 'node:stream/consumers';
import { InputRefused, newId, parseCreateJob, parseInstanceType } from '@ccluster/domain';
import type { V1Job, V1Secret } from '@kubernetes/client-node';
import { jobManifest } from './cluster/job-manifest.js';
import { secretManifests } from './cluster/secret-manifests.js';

/** What an api may be told, at most. */
const LIMITS = { maxParallelism: 100_000, reservedAnnotationPrefix: 'ccluster.io' };
const OWNERSHIP = { installation: 'print-manifests', clusterId: newTestId('cl') };
/** A claim of a job that was claimed very often. */
const EPOCH = 2_147_483_647;
const NAMESPACE = 'ccluster-jobs';

type Printed = { readonly job: V1Job; readonly secrets: readonly V1Secret[] } | { readonly refused: unknown };

/**
 * For each line of its input, `{"job": <CreateJobInput>, "instanceType": <CreateInstanceTypeInput>}`, prints one of JSON:
 * the manifests that a cluster would be sent, or the issues for which the input is refused. So that a cluster can be
 * asked whether it takes all that we take, without a job.
 */
async function printManifests(): Promise<void> {
  // Not by `readline`, which would also split at U+2028: JSON may hold it.
  for (const line of (await text(process.stdin)).trimEnd().split('\n')) {
    const { job, instanceType } = JSON.parse(line) as { job: unknown; instanceType: unknown };
    process.stdout.write(`${JSON.stringify(print(job, instanceType))}\n`);
  }
}

function print(unsafeJob: unknown, unsafeInstanceType: unknown): Printed {
  try {
    const { spec, secrets } = parseCreateJob(unsafeJob, LIMITS);
    const hasImagePullSecret = secrets.imagePull !== null;
    const instanceType = parseInstanceType(unsafeInstanceType);
    const about = { jobId: newTestId('job'), epoch: EPOCH, namespace: NAMESPACE, inherited: null };
    const order = { ...about, spec, hasImagePullSecret, instanceType };
    const manifest = jobManifest(order, OWNERSHIP);
    const owner = { namespace: NAMESPACE, name: manifest.metadata?.name ?? '', uid: crypto.randomUUID() };
    return { job: manifest, secrets: secretManifests(order, OWNERSHIP, owner, secrets) };
  } catch (error) {
    if (error instanceof InputRefused) return { refused: error.issues };
    throw error;
  }
}

function newTestId(prefix: 'cl' | 'job'): string {
  return newId(prefix, Date.now(), (bytes) => crypto.getRandomValues(bytes));
}

await printManifests();
