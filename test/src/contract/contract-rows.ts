import { provedBy, type ContractRow } from './contract-row.js';
import { access } from './rows/access.js';
import { callers } from './rows/callers.js';
import { clusterRows } from './rows/clusters.js';
import { errorCodes } from './rows/error-codes.js';
import { jobContents } from './rows/job-contents.js';
import { jobInput } from './rows/job-input.js';
import { jobLife } from './rows/job-life.js';
import { logs } from './rows/logs.js';
import { observations } from './rows/observations.js';
import { operations } from './rows/operations.js';
import { reasons } from './rows/reasons.js';

const rerunJob = 'services/api/src/jobs/create/rerun-job.integration.test.ts';
const deleteJob = 'services/api/src/jobs/control/delete-job.integration.test.ts';
const rerun = 'test/src/e2e/rerun.e2e.test.ts';
const line = 'packages/domain/src/placement-line.test.ts';
const inherited = 'services/dispatcher/src/steps/inherited-tasks.integration.test.ts';
const removeJob = 'services/dispatcher/src/steps/remove-job.integration.test.ts';

const fromReruns: readonly ContractRow[] = [
  {
    row: 'Mutation.rerunJob',
    rule: 'Makes a new job with the inputs of a finished one, under a new name',
    tests: [
      ...provedBy(rerunJob, 'makes a new job of all tasks with the same inputs', 'refuses all that is wrong with the'),
      ...provedBy(rerun, 'runs whole, with the inputs and the secrets of the first'),
    ],
  },
  {
    row: 're-run',
    rule: 'With onlyFailed only the indexes that did not succeed run, under their own numbers',
    tests: [
      ...provedBy(rerun, 'runs only the tasks that failed, under their own indexes, until all have succeeded'),
      ...provedBy(inherited, 'are set before the Secrets are posted and the Kubernetes Job is released'),
      ...provedBy(inherited, 'are never set on one that was released meanwhile'),
    ],
  },
  {
    row: 're-run',
    rule: 'The others show SUCCEEDED, without attempts, and name the job in which they ran',
    tests: [
      ...provedBy(rerunJob, 'runs only what failed under the same indexes, and names where the others succeeded'),
      ...provedBy('packages/domain/src/inherited-tasks.test.ts', 'name the job in which each index ran'),
      ...provedBy(rerun, 'keeps what it inherited through a suspend and a resume'),
    ],
  },
  {
    row: 're-run',
    rule: 'Its inputs, secret ones too, are kept sealed until the job is deleted',
    tests: [
      ...provedBy(rerunJob, 'seals the secrets again, for the new job only'),
      ...provedBy(removeJob, 'removes a deleted job with all that belongs to it'),
    ],
  },
  {
    row: 're-run',
    rule: 'Its requestId is idempotent like that of createJob',
    tests: provedBy(
      rerunJob,
      'answers a repeated request id with the same job, many at once too',
      'refuses a request id that was used for anything else',
    ),
  },
  {
    row: 'JOB_NOT_FINISHED',
    rule: 'Only a finished job can be run again or deleted',
    tests: [
      ...provedBy(rerunJob, 'refuses what cannot be run again'),
      ...provedBy(deleteJob, 'refuses a job that has not finished, is draining, or is not theirs'),
    ],
  },
  {
    row: 'NOTHING_TO_RERUN',
    rule: 'With onlyFailed, some task must not have succeeded',
    tests: provedBy(rerunJob, 'refuses what cannot be run again'),
  },
  {
    row: 'Mutation.deleteJob',
    rule: 'Hides a finished job and frees its name at once',
    tests: [
      ...provedBy(deleteJob, 'hides a finished job at once and frees its name'),
      ...provedBy(rerun, 'is gone for callers as soon as it is deleted, and then from its cluster'),
    ],
  },
  {
    row: 'Mutation.deleteJob',
    rule: 'Its request ids answer JOB_DELETED, and re-runs of it stand',
    tests: provedBy(
      deleteJob,
      'answers the request id of a deleted job with JOB_DELETED, created or run again',
      'leaves a re-run standing whose source is deleted, without naming it',
    ),
  },
  {
    row: 'Mutation.deleteJob',
    rule: 'The record goes with its events and logs when its Kubernetes Job has gone',
    tests: provedBy(
      removeJob,
      'removes a deleted job with all that belongs to it',
      'keeps the row while the cluster cannot be reached',
    ),
  },
  {
    row: 'ORGANIZATION_LIMIT',
    rule: 'The jobs of an organization never hold more GPUs than it may',
    tests: [
      ...provedBy(line, 'a job of an organization with a limit is placed'),
      ...provedBy(
        'services/dispatcher/src/steps/place-job.integration.test.ts',
        'keeps an organization within its GPUs, though many dispatchers place its jobs',
      ),
    ],
  },
  {
    row: 'WAITING_FOR_CAPACITY',
    rule: 'Jobs go oldest first, and each is told its place in line',
    tests: [
      ...provedBy(line, 'is placed from its front: nobody goes whose like before it waits'),
      ...provedBy('test/src/e2e/line.e2e.test.ts', 'is told to those who wait, and goes on from its front'),
      ...provedBy(
        'services/dispatcher/src/steps/place-many.integration.test.ts',
        'give away no more than there is, to the oldest first',
      ),
    ],
  },
  {
    row: 'reason',
    rule: 'What clusters say is put under the right code and shown word for word',
    tests: [
      ...provedBy(
        'services/watcher/src/observe/messages.test.ts',
        'is read at least 98 times of 100, with the right code and the right grace',
        'is shown word for word',
      ),
      ...provedBy('test/src/e2e/reasons.e2e.test.ts', 'a job that does not run says why, in the words of its cluster'),
    ],
  },
  {
    row: 'reason',
    rule: 'The table of reasons and grace times is configuration, for all clusters and for one',
    tests: provedBy(
      'services/watcher/src/observe/parse-reason-rules.test.ts',
      'is changed for all clusters, and further for one',
    ),
  },
  {
    row: 'log gap',
    rule: 'A log that was rotated while nobody read it has a gap there, on a real kubelet',
    tests: provedBy(
      'test/src/e2e/logs.e2e.test.ts',
      'has a gap where it was rotated while nobody read it',
      'says where lines are missing, however fast it prints',
    ),
  },
];

/** All rules that callers may rely on. */
export const contractRows: readonly ContractRow[] = [
  ...callers,
  ...access,
  ...jobInput,
  ...jobContents,
  ...errorCodes,
  ...operations,
  ...clusterRows,
  ...jobLife,
  ...reasons,
  ...observations,
  ...logs,
  ...fromReruns,
];
