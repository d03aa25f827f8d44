import { provedBy, type ContractRow } from '../contract-row.js';

const createJob = 'services/api/src/jobs/create/create-job.integration.test.ts';
const controlJob = 'services/api/src/jobs/control/control-job.integration.test.ts';
const followEvents = 'services/api/src/jobs/follow/follow-job-events.integration.test.ts';
const followLogs = 'services/api/src/jobs/follow/follow-job-logs.integration.test.ts';
const updates = 'services/api/src/jobs/follow/job-updates.integration.test.ts';
const listJobs = 'services/api/src/jobs/list/list-jobs.integration.test.ts';
const jobLists = 'services/api/src/jobs/list/job-lists.integration.test.ts';
const jobFields = 'services/api/src/jobs/read/job-fields.integration.test.ts';
const logPage = 'services/api/src/jobs/logs/read-log-page.integration.test.ts';
const download = 'services/api/src/http/log-routes.integration.test.ts';

/** What each operation of the schema does; `Type.field` as it is named there. */
export const operations: readonly ContractRow[] = [
  {
    row: 'Query.viewer',
    rule: 'Says who calls',
    tests: provedBy('services/api/src/http/server.integration.test.ts', 'knows who calls'),
  },
  {
    row: 'Query.job',
    rule: 'Gives a job by its id',
    tests: provedBy(createJob, 'gives back what it was given, and is found by id and by name'),
  },
  {
    row: 'Query.jobByName',
    rule: 'Gives a job of the organization by its name',
    tests: [
      ...provedBy(createJob, 'gives back what it was given, and is found by id and by name'),
      ...provedBy(listJobs, 'are those of the organization only'),
    ],
  },
  {
    row: 'Query.jobs',
    rule: 'Lists jobs by page, filter and order',
    tests: provedBy(
      listJobs,
      'come newest first, page by page, each once',
      'come oldest first where that is wanted',
      'are filtered by { %s }',
    ),
  },
  {
    row: 'Query.parseCommand',
    rule: 'Gives the argv that a command becomes, and refuses what createJob refuses',
    tests: provedBy(
      'services/api/src/jobs/create/parse-command.integration.test.ts',
      'gives the argv that createJob would make of it',
      'refuses what createJob refuses, alike',
    ),
  },
  {
    row: 'Mutation.createJob',
    rule: 'Makes a job of the input, and answers before it is placed',
    tests: provedBy(createJob, 'fills in the defaults', 'gives back what it was given, and is found by id and by name'),
  },
  {
    row: 'Mutation.cancelJob',
    rule: 'Ends a job, with the reason of the caller',
    tests: provedBy(
      controlJob,
      'ends a job at once of which nothing is in a cluster',
      'keeps a running job CANCELLING until its cluster has stopped',
    ),
  },
  {
    row: 'Mutation.suspendJob',
    rule: 'Holds a job until it is resumed',
    tests: [
      ...provedBy(controlJob, 'suspends and resumes a queued job, and answers a repetition'),
      ...provedBy('test/src/e2e/cancel.e2e.test.ts', 'ends the pods of a running job, and starts its tasks again'),
    ],
  },
  {
    row: 'Mutation.resumeJob',
    rule: 'Lets a suspended job go on',
    tests: [
      ...provedBy(controlJob, 'suspends and resumes a queued job, and answers a repetition'),
      ...provedBy('test/src/e2e/cancel.e2e.test.ts', 'ends the pods of a running job, and starts its tasks again'),
    ],
  },
  {
    row: 'Subscription.jobEvents',
    rule: 'Gives a SNAPSHOT, then every event, and completes after FINISHED',
    tests: provedBy(
      followEvents,
      'begin with how it stands, go on with what follows and complete after FINISHED',
      'complete at once for a job that has finished',
    ),
  },
  {
    row: 'Subscription.jobUpdates',
    rule: 'Gives the newest state of every job that changes, from the page of a list on',
    tests: provedBy(updates, 'tells of each job that changed after the page, as it is now'),
  },
  {
    row: 'Subscription.jobLogs',
    rule: 'Gives every line from the first on, of a job, a task or an attempt, and completes with the log',
    tests: provedBy(
      followLogs,
      'begin with the first line, go on as lines are stored and complete with the log',
      'give one task or one attempt, and refuse a pod of another job',
    ),
  },
  {
    row: 'Job.tasks',
    rule: 'Lists the tasks with their attempts and reasons, by status where that is wanted',
    tests: [
      ...provedBy(jobLists, 'gives its tasks with their attempts and reasons'),
      ...provedBy('services/api/src/jobs/list/list-tasks.test.ts', 'taskPage'),
    ],
  },
  {
    row: 'Job.pods',
    rule: 'Lists the attempts, of one task or of all, oldest first',
    tests: provedBy(jobLists, 'gives its pods, of one task or of all, oldest first'),
  },
  {
    row: 'Job.events',
    rule: 'Lists the events in order, with their pods',
    tests: provedBy(jobLists, 'gives its events in order, with their pods'),
  },
  {
    row: 'Job.logs',
    rule: 'Lists the lines in the order stored, and finds those that hold some characters',
    tests: provedBy(
      logPage,
      'comes in the order stored, with gaps as lines of their own',
      'gives the lines of { %s }',
      'is searched page by page: { %s }',
    ),
  },
  {
    row: 'Job.placement',
    rule: 'Says where and why it was placed there, by the names too once its cluster is removed',
    tests: provedBy(jobFields, 'tells where and why, by the names too once its cluster is removed'),
  },
  {
    row: 'Job.pods',
    rule: 'Each attempt has its node, image, times, exit code and reason, in the list of pods and of tasks',
    tests: provedBy(jobFields, 'gives each attempt as a whole'),
  },
  {
    row: 'log download',
    rule: 'Gives the log of a job or an attempt as a file, from any byte on',
    tests: provedBy(
      download,
      'of a job names the task and the attempt of each line',
      'of a pod is what the pod wrote',
      'goes on from any byte',
    ),
  },
];
