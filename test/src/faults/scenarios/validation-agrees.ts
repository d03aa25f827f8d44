import pMap from 'p-map';

import { createRandom } from '../random.js';
import type { Scenario, ScenarioResult, ScenarioRun } from '../scenario.js';
import type { Violation } from '../violation.js';
import { askCluster, type ClusterOpinion } from './validation-agrees/ask-cluster.js';
import { generateInstanceType, generateJobInput } from './validation-agrees/generate-input.js';
import { printManifests, type PrintedInput, type PrintedManifests } from './validation-agrees/print-manifests.js';

const FULL_INPUTS = 5_000;
const SHORT_INPUTS = 50;
/** Some are half a megabyte long. */
const INPUTS_AT_ONCE = 100;
const REQUESTS_AT_ONCE = 6;
const SHOWN_CHARACTERS = 1_000;

/**
 * The manifests are made by the dispatcher's own code, in a program of its own: through the product a cluster could be
 * asked only by running five thousand jobs.
 */
export const validationAgrees: Scenario = {
  name: 'validation-agrees',
  promise: 'Whatever input is taken, Kubernetes takes what becomes of it',
  target: '5,000 inputs, extremes and near misses: 0 that we take and a cluster refuses',
  run: async (run) => {
    const [cluster] = run.environment.clusters;
    if (cluster === undefined) throw new Error('The environment has no cluster');
    return agree(run, askCluster(cluster));
  },
};

interface Tally {
  taken: number;
  refused: number;
  objects: number;
  /** By field, of those that we refuse. */
  readonly refusals: Map<string, number>;
  readonly violations: Violation[];
}

async function agree({ isShort, seed, say, signal }: ScenarioRun, cluster: ClusterOpinion): Promise<ScenarioResult> {
  const random = createRandom(seed);
  const wanted = isShort ? SHORT_INPUTS : FULL_INPUTS;
  const tally: Tally = { taken: 0, refused: 0, objects: 0, refusals: new Map(), violations: [] };
  for (let done = 0; done < wanted; done += INPUTS_AT_ONCE) {
    signal.throwIfAborted();
    const inputs = Array.from({ length: Math.min(INPUTS_AT_ONCE, wanted - done) }, () => ({
      job: generateJobInput(random),
      instanceType: generateInstanceType(random),
    }));
    const printed = await printManifests(inputs);
    await pMap(printed, (manifests, i) => judge(tally, cluster, inputs[i]!, manifests), {
      concurrency: REQUESTS_AT_ONCE,
    });
    if ((done + INPUTS_AT_ONCE) % 1_000 === 0) {
      const latest = tally.violations.at(-1)?.what ?? 'none';
      say(`${done + INPUTS_AT_ONCE} inputs, ${tally.violations.length} of them refused by the cluster: ${latest}`);
    }
  }
  return {
    operations: wanted,
    faults: { 'inputs nearly right, that we refuse': tally.refused },
    violations: tally.violations,
    figures: {
      'inputs taken': String(tally.taken),
      'objects that the cluster was asked about': String(tally.objects),
      'taken by us and refused by Kubernetes': String(tally.violations.length),
      'fields for which inputs were refused': [...tally.refusals].map(([name, count]) => `${name} ${count}`).join(', '),
    },
    missed: [],
  };
}

async function judge(
  tally: Tally,
  cluster: ClusterOpinion,
  input: PrintedInput,
  manifests: PrintedManifests,
): Promise<void> {
  if ('refused' in manifests) {
    tally.refused += 1;
    const fields = new Set(manifests.refused.map(({ path }) => String(path[0] ?? '')));
    for (const name of fields) tally.refusals.set(name, (tally.refusals.get(name) ?? 0) + 1);
    return;
  }
  tally.taken += 1;
  tally.objects += 1 + manifests.secrets.length;
  const refusals = [
    await cluster.ofJob(manifests.job),
    ...(await Promise.all(manifests.secrets.map((secret) => cluster.ofSecret(secret)))),
  ];
  for (const what of refusals) {
    const subject = JSON.stringify(input).slice(0, SHOWN_CHARACTERS);
    if (what !== undefined) tally.violations.push({ rule: 'input', subject, what });
  }
}
