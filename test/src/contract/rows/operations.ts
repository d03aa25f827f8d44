import { provedBy, type ContractRow } from '../contract-row.js';

const clusters = 'services/api/src/clusters/clusters.integration.test.ts';
const instanceTypes = 'services/api/src/clusters/instance-types.integration.test.ts';
const updateCluster = 'services/api/src/clusters/update-cluster.integration.test.ts';
const removeCluster = 'services/api/src/clusters/remove-cluster.integration.test.ts';
const removal = 'services/dispatcher/src/removal/remove-clusters.integration.test.ts';
const changeInstanceType = 'services/api/src/clusters/change-instance-type.integration.test.ts';
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
    row: 'Query.placementPlan',
    rule: 'Gives what createJob would choose, best first, and why not the others',
    tests: [
      ...provedBy(instanceTypes, 'that are created, listed and used in a plan and in a job'),
      ...provedBy(
        'packages/domain/src/placement-ranking.test.ts',
        'ranks what can be taken, then what waiting may help',
      ),
    ],
  },
  {
    row: 'Query.placementPlan',
    rule: 'The same function decides',
    tests: provedBy(
      'packages/domain/src/placement-properties.test.ts',
      'is the first of the ranking where that is eligible, and else a wait with a reason for every offer',
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
    row: 'Query.clusters',
    rule: 'Lists the clusters that the caller can use',
    tests: provedBy(clusters, 'are seen by nobody else, and managed ones by all'),
  },
  {
    row: 'Query.cluster',
    rule: 'Gives a cluster by its id, to those who can use it',
    tests: provedBy(
      'services/api/src/clusters/private-cluster.integration.test.ts',
      'is given by its id, to its owner only',
    ),
  },
  {
    row: 'Query.instanceTypes',
    rule: 'Lists instance types, of one cluster or of all',
    tests: [
      ...provedBy(instanceTypes, 'that are created, listed and used in a plan and in a job'),
      ...provedBy(clusters, 'are seen by nobody else, and managed ones by all'),
    ],
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
    row: 'Mutation.registerCluster',
    rule: 'Proves the credentials against the cluster before it answers',
    tests: provedBy(clusters, 'are registered with credentials that have proved to work'),
  },
  {
    row: 'Mutation.updateCluster',
    rule: 'Drains a cluster, or not: nothing is sent there after the answer, and what runs there goes on',
    tests: [
      ...provedBy(
        updateCluster,
        'is drained, and says so and why, until it is not',
        'that drains waits for what is being armed there, so that nothing is armed after its answer',
        'that is managed is changed by operators, a private one by admins of its organization',
      ),
      ...provedBy(
        'services/dispatcher/src/steps/cluster-troubles.integration.test.ts',
        'that is drained before the job is posted sees nothing of it',
      ),
    ],
  },
  {
    row: 'Mutation.updateCluster',
    rule: 'Proves new credentials, for the same cluster, before it stores them; they are used without a restart',
    tests: [
      ...provedBy(
        updateCluster,
        'has new credentials once they have proved to work, each for its service',
        'keeps what it has where it is given credentials %s',
        'has what waits for it looked at again at once when its credentials are new',
      ),
      ...provedBy(
        'services/dispatcher/src/cluster/cluster-connections.test.ts',
        'that are replaced end the calls that are under way first, while others use the new one',
      ),
      ...provedBy('services/dispatcher/src/cluster/follow-clusters.test.ts', 'has a cluster called at once'),
    ],
  },
  {
    row: 'Mutation.removeCluster',
    rule: 'Takes a cluster out of sight; its name stays in finished jobs, and what is only placed there goes elsewhere',
    tests: [
      ...provedBy(
        removeCluster,
        'that nothing runs on is removed, out of everybody’s sight',
        'is not kept by what is only placed there: that goes elsewhere',
        'keeps its name in finished jobs',
        'that is managed is removed by operators, a private one by admins of its organization',
      ),
      ...provedBy(removal, 'never has a job of it run again; a job that was only placed there goes elsewhere'),
    ],
  },
  {
    row: 'Mutation.removeCluster',
    rule: 'Nothing of its credentials stays, and of its objects nothing where it can be reached',
    tests: provedBy(
      removal,
      'has its jobs ended and what is ours there deleted, and nothing of its credentials stays',
      'that cannot be reached has its jobs ended all the same, and is forgotten after five minutes',
      'that comes back under another id is rid of what was left there, and nothing of it runs twice',
    ),
  },
  {
    row: 'Mutation.createInstanceType',
    rule: 'Adds a size to a cluster',
    tests: [
      ...provedBy(instanceTypes, 'that are created, listed and used in a plan and in a job', 'but not with %s'),
      ...provedBy('packages/domain/src/validation/parse-instance-type.test.ts', '%j has wrong: %j'),
    ],
  },
  {
    row: 'Mutation.updateInstanceType',
    rule: 'Changes the price and the nodes of a size, for what is placed from now on',
    tests: [
      ...provedBy(
        changeInstanceType,
        'has another price for what is placed from now on, and its room stays',
        'whose nodes are others has no room that is known until they are counted',
        'of a managed cluster is changed by operators, of a private one by admins of its organization',
      ),
      ...provedBy(
        'services/watcher/src/capacity/watch-capacity.integration.test.ts',
        'is counted again when its nodes are others',
      ),
    ],
  },
  {
    row: 'Mutation.removeInstanceType',
    rule: 'Sends nothing there any more; what runs there goes on, and finished jobs keep its name',
    tests: provedBy(
      changeInstanceType,
      'that is removed is offered and taken no more; what runs there goes on, and holds what it has reserved',
      'that is removed keeps its name in finished jobs, and frees it for another',
    ),
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
