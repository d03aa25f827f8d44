import { noTroubles } from './budgets.js';
import type { Mutation } from './load-model.js';
import type { Budget } from './world.js';

export interface Mutant extends Mutation {
  readonly name: string;
  /** The least that has to happen until the damage shows. */
  readonly budget: Budget;
  /** What is broken then: the beginning of the sentence. */
  readonly breaks: string;
}

const dispatcher = 'services/dispatcher/src';
const patches = `${dispatcher}/cluster/job-patches.ts`;
const post = `${dispatcher}/steps/post-kubernetes-job.ts`;
const start = `${dispatcher}/steps/start-job.ts`;
const advanceFile = 'packages/domain/src/advance.ts';
const observed = 'packages/domain/src/advance-observed.ts';
const storedJob = `${dispatcher}/testing/model/stored-job.ts`;

const twoClaims: Budget = { ...noTroubles, claims: 2 };
const cancelled: Budget = { ...twoClaims, cancels: 1 };

export const mutants: readonly Mutant[] = [
  {
    name: 'the patch does not test the intent',
    file: patches,
    find: "{ op: 'test', path: INTENT, value: String(from) },",
    replace: '',
    budget: cancelled,
    breaks: 'Promise 4',
  },
  {
    name: 'the patch does not test the uid',
    file: patches,
    find: "{ op: 'test', path: '/metadata/uid', value: uid },\n    { op: 'test', path: INTENT, value: String(from) },",
    replace: "{ op: 'test', path: INTENT, value: String(from) },",
    budget: { ...cancelled, clusters: 1, claims: 4 },
    breaks: 'I1',
  },
  {
    name: 'the patch sets suspend and nothing else',
    file: patches,
    find: `{ op: 'test', path: '/metadata/uid', value: uid },
    { op: 'test', path: INTENT, value: String(from) },
    { op: 'replace', path: INTENT, value: String(to) },`,
    replace: '',
    budget: cancelled,
    breaks: 'Promise 4',
  },
  {
    name: 'the DELETE has no uid',
    file: `${dispatcher}/cluster/kubernetes-cluster-writer.ts`,
    find: ', preconditions: { uid: job.uid } }',
    replace: ' }',
    budget: twoClaims,
    breaks: 'The armed',
  },
  {
    name: 'the Kubernetes Job is posted released',
    file: `${dispatcher}/cluster/job-manifest.ts`,
    find: 'suspend: true',
    replace: 'suspend: false',
    budget: noTroubles,
    breaks: 'I1',
  },
  {
    name: 'arming does not ask for the epoch',
    file: `${dispatcher}/dispatch-context.ts`,
    find: 'first, job.epoch)',
    replace: 'first)',
    budget: twoClaims,
    breaks: 'The armed',
  },
  {
    name: 'a claim does not raise the epoch',
    file: storedJob,
    find: '!job.due ? undefined : { ...job, epoch: job.epoch + 1 }',
    replace: '!job.due ? undefined : { ...job }',
    budget: twoClaims,
    breaks: 'The armed',
  },
  {
    name: "an older claim's Kubernetes Job is taken over",
    file: post,
    find: 'found.epoch === order.epoch && found.suspended',
    replace: 'found.suspended',
    budget: twoClaims,
    breaks: 'The armed',
  },
  {
    name: "a newer claim's Kubernetes Job is replaced",
    file: post,
    find: "if (found.epoch > order.epoch) return 'NEWER';",
    replace: '',
    budget: twoClaims,
    breaks: 'The armed',
  },
  {
    name: 'another placement is made under the same claim',
    file: start,
    find: 'claimAgain(undone)',
    replace: 'goOn(undone)',
    budget: { ...noTroubles, faults: 2 },
    breaks: 'The armed',
  },
  {
    name: 'what was posted is deleted when it is not known whether it was armed',
    file: start,
    find: '});\n  if (recorded?.state.phase',
    replace: '}).catch(() => undefined);\n  if (recorded?.state.phase',
    budget: { ...noTroubles, faults: 1 },
    breaks: 'The armed',
  },
  {
    name: 'a job is armed in whatever phase it is',
    file: advanceFile,
    find: "state.phase !== 'PLACED' || !isSamePlacement(state.placement, placement)",
    replace: "state.phase === 'QUEUED' || state.placement === null",
    budget: { ...noTroubles, cancels: 1 },
    breaks: 'I4',
  },
  {
    name: 'what was posted for a placement of before is armed',
    file: advanceFile,
    find: ' || !isSamePlacement(state.placement, placement)',
    replace: '',
    budget: { ...noTroubles, suspends: 1, resumes: 1, turns: 1 },
    breaks: 'The armed',
  },
  {
    name: 'a suspension is not told to Kubernetes',
    file: 'packages/domain/src/advance-intent.ts',
    find: "intent: state.want === 'SUSPEND' ? state.intent : raised(state.intent),",
    replace: 'intent: state.intent,',
    budget: { ...noTroubles, suspends: 1 },
    breaks: 'Promise 4',
  },
  {
    name: 'a cancel is not told to Kubernetes',
    file: 'packages/domain/src/ending.ts',
    find: 'mustStop ? raised(state.intent) : state.intent',
    replace: 'state.intent',
    budget: { ...noTroubles, cancels: 1 },
    breaks: 'Promise 4',
  },
  {
    name: 'a stop is believed before it was acknowledged',
    file: observed,
    find: 'intent.applied < intent.decided || seen.intent < intent.decided || ',
    replace: '',
    budget: cancelled,
    breaks: 'Promise 4',
  },
  {
    name: 'a stop is believed by a condition that may be older',
    file: observed,
    find: 'return isNewer(seen.resourceVersion, intent.resourceVersion) || seen.quietSeconds >= QUIET_SECONDS_AFTER_STOP;',
    replace: 'return true;',
    budget: cancelled,
    breaks: 'Promise 4',
  },
  {
    name: 'a stop is believed while pods are ending',
    file: observed,
    find: 'if (seen.livePods > 0 || !seen.suspended) return false;',
    replace: 'if (!seen.suspended) return false;',
    budget: cancelled,
    breaks: 'Promise 4',
  },
  {
    name: 'a release whose answer was lost is forgotten',
    file: `${dispatcher}/steps/deliver-intent.ts`,
    find: "want === 'RUN' || before >= 1",
    replace: "want === 'RUN'",
    budget: cancelled,
    breaks: 'Promise 4',
  },
  {
    name: 'the reconciler deletes what is armed and not released',
    file: `${dispatcher}/reconcile/judge-stray.ts`,
    find: "if (armedUid(state) === seen.uid) return 'KEEP';",
    replace: '',
    budget: { ...noTroubles, reconciliations: 1 },
    breaks: 'The armed',
  },
  {
    name: 'the reconciler deletes what may be armed any moment',
    file: `${dispatcher}/reconcile/judge-stray.ts`,
    find: "if (mayBeArmed) return 'KEEP';",
    replace: '',
    budget: { ...noTroubles, reconciliations: 1 },
    breaks: 'The armed',
  },
  {
    name: 'the reconciler leaves what came after the end',
    file: `${dispatcher}/reconcile/judge-stray.ts`,
    find: "state.cleaned ? 'DELETE' : 'KEEP'",
    replace: "'KEEP'",
    budget: cancelled,
    breaks: 'I5',
  },
  {
    name: 'a decision that was not heard of is never delivered again',
    file: 'packages/domain/src/job-state.ts',
    find: 'return state.resuming || state.intent.applied < state.intent.decided;',
    replace: 'return state.intent.applied === 0;',
    budget: { ...noTroubles, suspends: 1 },
    breaks: 'I3',
  },
];
