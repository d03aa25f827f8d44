import { provedBy, type ContractRow } from '../contract-row.js';

const validation = 'packages/domain/src/validation';
const rules = `${validation}/parse-create-job-rules.test.ts`;
const parsed = `${validation}/parse-create-job.test.ts`;
const refusal = `${validation}/parse-input.test.ts`;
const image = `${validation}/parse-image.test.ts`;
const createJob = 'services/api/src/jobs/create/create-job.integration.test.ts';
const refused = 'services/api/src/jobs/create/create-job-refused.integration.test.ts';
const manifest = 'services/dispatcher/src/cluster/job-manifest.test.ts';
const secretManifests = 'services/dispatcher/src/cluster/secret-manifests.test.ts';
const outcomes = 'test/src/e2e/outcomes.e2e.test.ts';
const deadline = 'test/src/e2e/deadline.e2e.test.ts';

/** What is refused of a job's input, but for command, env, annotations and placement; what the rest means. */
export const jobInput: readonly ContractRow[] = [
  {
    row: 'input',
    rule: 'All problems of one input come in one error, each with its path, code and message',
    tests: [
      ...provedBy(
        refusal,
        'tells every problem of an input at once',
        'tells them beside a list that is too long to be looked through',
      ),
      ...provedBy(
        refused,
        'names all issues at once, those of what is stored too, and stores nothing',
        'tells what is wrong with a placement as things are stored, beside what is wrong in itself',
      ),
      ...provedBy(
        'services/api/src/jobs/create/rerun-job.integration.test.ts',
        'refuses all that is wrong with the input',
      ),
      ...provedBy(`${validation}/parse-arguments.test.ts`, 'is refused by the rules of createJob, with all that is'),
    ],
  },
  {
    row: 'input',
    rule: 'A message names the field, the rule and the value',
    tests: provedBy(refusal, 'names the field, the rule and the value: %j', 'shows at most 80 characters of a value'),
  },
  {
    row: 'input',
    rule: '`null` means the default',
    tests: [
      ...provedBy(parsed, 'takes %s for the default of every field', 'fills in the defaults'),
      ...provedBy(createJob, 'takes null for the default everywhere'),
    ],
  },
  {
    row: 'input',
    rule: 'What GraphQL itself refuses has no issues',
    tests: provedBy('services/api/src/http/refused-by-graphql.integration.test.ts', 'has a code and no issues: %s'),
  },
  {
    row: 'input',
    rule: 'Nothing is stored for a refused input, its requestId included',
    tests: provedBy(refused, 'names all issues at once, those of what is stored too, and stores nothing'),
  },
  {
    row: 'name',
    rule: 'Is a DNS label of 1 to 20 characters that begins with a letter',
    tests: provedBy(
      rules,
      'a name of 20 characters',
      'a name of 21 characters',
      'a name that begins with a digit',
      'a name that ends with a hyphen',
      'a name in upper case',
    ),
  },
  {
    row: 'name',
    rule: 'Is unique in the organization among the jobs that are not deleted (JOB_NAME_TAKEN)',
    tests: [
      ...provedBy(
        createJob,
        'gives a name to one of many that want it at once',
        'lets another organization have the same name',
      ),
      ...provedBy(
        'services/api/src/jobs/control/delete-job.integration.test.ts',
        'hides a finished job at once and frees its name',
      ),
    ],
  },
  {
    row: 'requestId',
    rule: 'Has 1 to 128 characters',
    tests: [
      ...provedBy(rules, 'a requestId of 128 characters', 'a requestId of 129 characters', 'an empty requestId'),
      ...provedBy(
        'services/api/src/jobs/create/create-job-request-id.integration.test.ts',
        'is refused where it is none, even if it looks like one that was used',
      ),
    ],
  },
  {
    row: 'imageUrl',
    rule: 'Is an OCI repository reference, its registry optional, of at most 255 characters',
    tests: provedBy(image, '%s is right, its registry %s', '%j is refused', 'has at most 255 characters'),
  },
  {
    row: 'imageUrl',
    rule: 'Has no scheme, tag or digest',
    tests: provedBy(image, '%s is refused for %s'),
  },
  {
    row: 'imageTag',
    rule: 'Is an OCI tag or a sha256 digest',
    tests: provedBy(image, 'an image tag'),
  },
  {
    row: 'imageTag',
    rule: 'With a digest, exactly that image runs',
    tests: [
      ...provedBy(image, 'joins a tag with a colon and a digest with an at sign'),
      ...provedBy('test/src/e2e/images.e2e.test.ts', 'runs an image by its digest and shows it'),
    ],
  },
  {
    row: 'imagePullSecret',
    rule: 'Has username and password, or neither; two empty strings mean none',
    tests: provedBy(rules, 'an empty pull secret', 'a pull secret without username'),
  },
  {
    row: 'imagePullSecret',
    rule: 'Is for the registry of imageUrl, Docker Hub where none is named',
    tests: [
      ...provedBy(image, '%s is right, its registry %s'),
      ...provedBy(secretManifests, 'keeps variables and registry credentials apart, named after the claim'),
      ...provedBy('test/src/e2e/images.e2e.test.ts', 'runs a private image with the right password'),
    ],
  },
  {
    row: 'completions',
    rule: 'Is 1 to 100,000, 1 by default',
    tests: [
      ...provedBy(rules, 'no completions', 'too many completions'),
      ...provedBy(parsed, 'fills in the defaults', 'keeps everything that was asked for, and secrets apart'),
    ],
  },
  {
    row: 'parallelism',
    rule: 'Is 1 to completions, 1 by default',
    tests: [
      ...provedBy(rules, 'as much parallelism as completions', 'more parallelism than completions', 'no parallelism'),
      ...provedBy(parsed, 'fills in the defaults'),
    ],
  },
  {
    row: 'parallelism',
    rule: "Is at most the operator's limit, 1,000 by default (LIMIT_EXCEEDED)",
    tests: [
      ...provedBy(rules, 'parallelism over the limit'),
      ...provedBy('services/api/src/config.test.ts', 'fills in the defaults', 'takes what is set'),
    ],
  },
  {
    row: 'backoffLimit',
    rule: 'Is 0 to 2,147,483,647, 3 by default',
    tests: [
      ...provedBy(rules, 'too large a backoffLimit'),
      ...provedBy(refusal, 'backoffLimit INVALID'),
      ...provedBy(parsed, 'fills in the defaults', 'keeps everything that was asked for, and secrets apart'),
    ],
  },
  {
    row: 'backoffLimit',
    rule: 'Is for the whole job: one failed pod more than it ends the job',
    tests: provedBy(
      outcomes,
      'fails with BACKOFF_LIMIT_EXCEEDED when more pods fail than it may',
      'fails as one pod more fails than it may, of whatever index',
    ),
  },
  {
    row: 'activeDeadlineSeconds',
    rule: 'Is 1 to 2,147,483,647, or none',
    tests: [
      ...provedBy(rules, 'a deadline of a second', 'too late a deadline'),
      ...provedBy(refusal, 'activeDeadlineSeconds INVALID'),
    ],
  },
  {
    row: 'activeDeadlineSeconds',
    rule: 'Ends a job that takes longer, counted from its release',
    tests: [
      ...provedBy(outcomes, 'fails with DEADLINE_EXCEEDED when it takes too long'),
      ...provedBy(manifest, 'carries everything that a job can ask for'),
    ],
  },
  {
    row: 'activeDeadlineSeconds',
    rule: 'Does not count before the release, and counts from 0 after a resume',
    tests: provedBy(deadline, 'does not run before the release', 'begins again after a resume'),
  },
];
