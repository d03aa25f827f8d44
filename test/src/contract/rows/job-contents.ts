import { provedBy, type ContractRow } from '../contract-row.js';

const validation = 'packages/domain/src/validation';
const command = `${validation}/parse-command.test.ts`;
const refusal = `${validation}/parse-input.test.ts`;
const rules = `${validation}/parse-create-job-rules.test.ts`;
const annotations = `${validation}/annotations-field.test.ts`;
const requested = `${validation}/parse-requested-placement.test.ts`;
const parsed = `${validation}/parse-create-job.test.ts`;
const createJob = 'services/api/src/jobs/create/create-job.integration.test.ts';
const refused = 'services/api/src/jobs/create/create-job-refused.integration.test.ts';
const instanceTypes = 'services/api/src/clusters/instance-types.integration.test.ts';
const checkPlacement = 'services/api/src/jobs/create/check-placement.integration.test.ts';
const manifest = 'services/dispatcher/src/cluster/job-manifest.test.ts';
const secretManifests = 'services/dispatcher/src/cluster/secret-manifests.test.ts';
const outcomes = 'test/src/e2e/outcomes.e2e.test.ts';

/** What is refused of command, env, annotations and placement, and what becomes of them. */
export const jobContents: readonly ContractRow[] = [
  {
    row: 'command',
    rule: 'Is split as a POSIX shell splits words: quotes, backslashes, a newline as a blank, # as any character',
    tests: provedBy(command, 'parseCommand splits', 'as /bin/sh does', 'echo # not a comment'),
  },
  {
    row: 'command',
    rule: 'What only a shell could do is refused with a hint how to have one do it',
    tests: provedBy(command, '%j for %s, and says how to have a shell run it'),
  },
  {
    row: 'command',
    rule: 'Has at most 64 KiB and no NUL',
    tests: provedBy(command, "['NUL', ", 'more than 64 KiB of UTF-8', 'nothing for its length up to 64 KiB'),
  },
  {
    row: 'command',
    rule: "Empty, the image's entrypoint runs",
    tests: [
      ...provedBy(command, "['', []]"),
      ...provedBy(manifest, 'asks for nothing that the smallest job does not need'),
    ],
  },
  {
    row: 'command',
    rule: 'Words after the script of `sh -c` are kept, with a warning',
    tests: [
      ...provedBy(command, 'a warning of words after a script', 'names the script and the words'),
      ...provedBy(createJob, 'gives back what it was given, and is found by id and by name'),
    ],
  },
  {
    row: 'commandArgv',
    rule: 'Comes instead of command, with any words',
    tests: provedBy(
      rules,
      'two commands',
      'any text as a word',
      '64 KiB of words',
      'more than 64 KiB of words in UTF-8',
    ),
  },
  {
    row: 'commandArgv',
    rule: 'Reaches the container as it is: Kubernetes expands nothing in it',
    tests: provedBy(manifest, 'carries everything that a job can ask for'),
  },
  {
    row: 'env',
    rule: 'Names are those of variables in a shell, each once',
    tests: provedBy(
      rules,
      'a variable without name',
      'a variable with a dot',
      'names that differ in case',
      'names that come again',
    ),
  },
  {
    row: 'env',
    rule: 'The two reserved variables are refused (RESERVED_NAME)',
    tests: provedBy(rules, 'reserved variables'),
  },
  {
    row: 'env',
    rule: 'Values have no NUL, at most 32 KiB each and 256 KiB together, in bytes',
    tests: [
      ...provedBy(
        rules,
        '32 KiB of a value, 256 KiB together',
        'more than 32 KiB of UTF-8',
        'more than 256 KiB of values in UTF-8',
      ),
      ...provedBy(refusal, 'env.1.value INVALID'),
      ...provedBy(createJob, 'takes as much text as is allowed, however long JSON makes it'),
    ],
  },
  {
    row: 'env',
    rule: 'Values reach the container byte for byte',
    tests: [
      ...provedBy(outcomes, 'both reserved variables in each'),
      ...provedBy(secretManifests, 'keeps variables and registry credentials apart, named after the claim'),
      ...provedBy(manifest, 'puts no value of a variable into the pods'),
    ],
  },
  {
    row: 'env',
    rule: 'A value is secret unless said otherwise, and a secret one is never given back',
    tests: [
      ...provedBy(parsed, 'keeps everything that was asked for, and secrets apart'),
      ...provedBy(createJob, 'never gives a secret back, and stores it only sealed'),
    ],
  },
  {
    row: 'annotations',
    rule: 'Keys are qualified names of Kubernetes, each once',
    tests: [...provedBy(annotations, 'an annotation key'), ...provedBy(rules, 'an annotation that comes again')],
  },
  {
    row: 'annotations',
    rule: 'Have at most 64 KiB together, keys and values, in bytes',
    tests: provedBy(rules, '64 KiB of annotations', 'more than 64 KiB of annotations in UTF-8'),
  },
  {
    row: 'annotations',
    rule: 'Prefixes of Kubernetes and of ours are refused (RESERVED_NAME)',
    tests: provedBy(annotations, 'kueue.x-k8s.io/queue-name', 'ccluster.io/intent', 'notccluster.io/a'),
  },
  {
    row: 'annotations',
    rule: 'Are on the Kubernetes Job, not on its pods, and never stand for ours',
    tests: provedBy(
      manifest,
      'carries everything that a job can ask for',
      'does not let an annotation of the caller stand for ours',
    ),
  },
  {
    row: 'placement',
    rule: 'All of it is optional; what is no constraint is refused',
    tests: provedBy(requested, 'takes %j for any placement', 'refuses %j'),
  },
  {
    row: 'placement',
    rule: 'The cluster is one that the caller can use and that is not draining',
    tests: [
      ...provedBy(checkPlacement, 'a cluster of another organization'),
      ...provedBy(instanceTypes, 'that no job may wish for where its cluster drains'),
    ],
  },
  {
    row: 'placement',
    rule: 'The instance type is one of that cluster',
    tests: provedBy(checkPlacement, 'an instance type of another cluster'),
  },
  {
    row: 'placement',
    rule: 'Constraints that no registered offer could ever meet are refused (NO_MATCHING_OFFER)',
    tests: [
      ...provedBy(refused, 'refuses what no registered offer could ever meet, and takes a job without wishes'),
      ...provedBy('test/src/e2e/placement.e2e.test.ts', 'refuses constraints that no offer could meet'),
    ],
  },
  {
    row: 'placement',
    rule: 'What was asked for is met: cluster, instance type, region, GPU, count and price',
    tests: [
      ...provedBy('packages/domain/src/placement-ranking.test.ts', 'says %s for %o of %o'),
      ...provedBy('packages/domain/src/placement-properties.test.ts', 'is nowhere that is drained, away, or not what'),
      ...provedBy('test/src/e2e/placement.e2e.test.ts', 'chooses $what, and says why'),
    ],
  },
];
