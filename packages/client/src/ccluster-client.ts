import { openTransport, type ClientOptions, type Transport } from './client.js';
import { downloadLog, type LogDownload } from './download-log.js';
import { follow } from './follow.js';
import * as operations from './generated.js';

export type Job = operations.JobFieldsFragment;
export type Pod = operations.PodFieldsFragment;
export type JobEvent = operations.JobEventsSubscription['jobEvents'];
export type JobUpdate = operations.JobUpdatesSubscription['jobUpdates'];
export type LogBatch = operations.JobLogsSubscription['jobLogs'];
export type LogLine = LogBatch['lines'][number];
export type Task = NonNullable<operations.JobTasksQuery['job']>['tasks']['edges'][number]['node'];

const ENDED: ReadonlySet<string> = new Set(['SUCCEEDED', 'FAILED', 'CANCELLED']);

export interface CclusterClient {
  readonly transport: Transport;
  createJob(input: operations.CreateJobInput): Promise<Job>;
  /** undefined: no such job for this caller. */
  findJob(id: string): Promise<Job | undefined>;
  cancelJob(id: string, reason?: string): Promise<Job>;
  suspendJob(id: string): Promise<Job>;
  resumeJob(id: string): Promise<Job>;
  /** A new job with the inputs of a finished one; `onlyFailed`: only its tasks that did not succeed are run. */
  rerunJob(id: string, input: operations.RerunJobInput): Promise<Job>;
  /** A finished job with its events and logs. */
  deleteJob(id: string): Promise<void>;
  /** Every task of the job, page by page. */
  tasks(jobId: string): AsyncGenerator<Task, void, void>;
  /** Each event after the cursor, once and in order, across dropped connections; ends after FINISHED. */
  followEvents(jobId: string, after?: string): AsyncGenerator<JobEvent, void, void>;
  /**
   * The newest state of every job that changes after the cursor (`jobs { updatesCursor }`), or from now on, across
   * dropped connections; never ends.
   */
  followJobs(filter?: operations.JobFilter, after?: string): AsyncGenerator<JobUpdate, void, void>;
  /** Each log line after the cursor, once, across dropped connections; ends when the logs are complete. */
  followLogs(
    jobId: string,
    options?: { index?: number; podId?: string; after?: string },
  ): AsyncGenerator<LogBatch, void, void>;
  /** The log of a job or of a pod as a text file, as far as it is stored now, across dropped connections. */
  downloadLog(download: LogDownload): AsyncGenerator<Uint8Array, void, void>;
  /** The job as it ended. */
  waitForEnd(jobId: string): Promise<Job>;
  close(): Promise<void>;
}

export function createClient(options: ClientOptions): CclusterClient {
  const transport = openTransport(options);
  const { request } = transport;
  const findJob = async (id: string) => (await request(operations.JobDocument, { id })).job ?? undefined;
  const followEvents = (jobId: string, after?: string) => follow((cursor) => events(transport, jobId, cursor), after);
  return {
    transport,
    findJob,
    followEvents,
    createJob: async (input) => (await request(operations.CreateJobDocument, { input })).createJob,
    cancelJob: async (id, reason) => (await request(operations.CancelJobDocument, { id, reason })).cancelJob,
    suspendJob: async (id) => (await request(operations.SuspendJobDocument, { id })).suspendJob,
    resumeJob: async (id) => (await request(operations.ResumeJobDocument, { id })).resumeJob,
    rerunJob: async (id, input) => (await request(operations.RerunJobDocument, { id, input })).rerunJob,
    deleteJob: async (id) => void (await request(operations.DeleteJobDocument, { id })),
    tasks: (jobId) => tasks(transport, jobId),
    followJobs: (filter, after) => followJobs(transport, filter, after),
    followLogs: (jobId, { index, podId, after } = {}) =>
      follow((cursor) => logs(transport, { jobId, index, podId, after: cursor }), after),
    downloadLog: (download) => downloadLog(options, download),
    waitForEnd: async (jobId) => {
      for await (const event of followEvents(jobId)) if (ENDED.has(event.status)) break;
      const job = await findJob(jobId);
      if (job === undefined) throw new Error(`Job ${jobId} was deleted while it was waited for`);
      return job;
    },
    close: () => transport.close(),
  };
}

async function* events(transport: Transport, jobId: string, after: string | undefined) {
  for await (const data of transport.subscribe(operations.JobEventsDocument, { jobId, after })) yield data.jobEvents;
}

async function* followJobs(transport: Transport, filter: operations.JobFilter | undefined, after: string | undefined) {
  // A cursor from the start: a connection that drops before the first update must not lose what changed meanwhile.
  const start = after ?? (await transport.request(operations.JobUpdatesCursorDocument, {})).jobs.updatesCursor;
  yield* follow((cursor) => updates(transport, { filter, after: cursor }), start);
}

async function* updates(transport: Transport, variables: operations.JobUpdatesSubscriptionVariables) {
  for await (const data of transport.subscribe(operations.JobUpdatesDocument, variables)) yield data.jobUpdates;
}

async function* logs(transport: Transport, variables: operations.JobLogsSubscriptionVariables) {
  for await (const data of transport.subscribe(operations.JobLogsDocument, variables)) yield data.jobLogs;
}

async function* tasks(transport: Transport, id: string): AsyncGenerator<Task, void, void> {
  for (let after: string | null | undefined; ;) {
    const { job } = await transport.request(operations.JobTasksDocument, { id, first: 100, after });
    if (job === null || job === undefined) return;
    for (const { node } of job.tasks.edges) yield node;
    if (!job.tasks.pageInfo.hasNextPage) return;
    after = job.tasks.pageInfo.endCursor;
  }
}
