import { Arg, ID, Int, Resolver, Root, Subscription, type SubscribeResolverData } from 'type-graphql';
import type { RequestContext } from '../../http/request-context.js';
import { followJobEvents } from './follow-job-events.js';
import { followJobLogs } from './follow-job-logs.js';
import { followJobUpdates } from './follow-job-updates.js';
import { JobEvent } from '../read/job-event.type.js';
import { JobFilter, parseListFilter } from '../list/job-filter.input.js';
import { JobUpdate } from './job-update.type.js';
import { LogBatch } from '../logs/log.type.js';

interface JobEventsArguments {
  readonly jobId: string;
  readonly after?: string | null;
}

interface JobLogsArguments extends JobEventsArguments {
  readonly podId?: string | null;
  readonly index?: number | null;
}

interface JobUpdatesArguments {
  readonly filter?: JobFilter | null;
  readonly after?: string | null;
}

type Subscribe<Arguments extends object> = SubscribeResolverData<unknown, Arguments, RequestContext>;

@Resolver()
export class JobSubscriptionsResolver {
  @Subscription(() => JobEvent, {
    description:
      'Every event of one job after the cursor, once, in order. Without `after`: one SNAPSHOT, then what follows. Completes after FINISHED.',
    subscribe: ({ context, args: { jobId, after = null } }: Subscribe<JobEventsArguments>) =>
      followJobEvents(context, jobId, after),
  })
  jobEvents(
    @Root() event: JobEvent,
    @Arg('jobId', () => ID) _jobId: string,
    @Arg('after', () => String, { nullable: true }) _after: string | null,
  ): JobEvent {
    return event;
  }

  @Subscription(() => JobUpdate, {
    description:
      'The newest state of every job that changes after the cursor, and every deletion. A job that changes often comes less often than it changes. Without `after`: from now on. Never completes.',
    subscribe: ({ context, args: { filter = null, after = null } }: Subscribe<JobUpdatesArguments>) =>
      followJobUpdates(context, parseListFilter(filter), after),
  })
  jobUpdates(
    @Root() update: JobUpdate,
    @Arg('filter', () => JobFilter, { nullable: true }) _filter: JobFilter | null,
    @Arg('after', () => String, { nullable: true }) _after: string | null,
  ): JobUpdate {
    return update;
  }

  @Subscription(() => LogBatch, {
    description:
      "Every log line after the cursor, once. Without `after`: from the first line. Completes when the job's logs are complete.",
    subscribe: ({ context, args: { jobId, podId, index, after = null } }: Subscribe<JobLogsArguments>) =>
      followJobLogs(context, { jobId, podId: podId ?? undefined, index: index ?? undefined }, after),
  })
  jobLogs(
    @Root() batch: LogBatch,
    @Arg('jobId', () => ID) _jobId: string,
    @Arg('podId', () => ID, { nullable: true }) _podId: string | null,
    @Arg('index', () => Int, { nullable: true }) _index: number | null,
    @Arg('after', () => String, { nullable: true }) _after: string | null,
  ): LogBatch {
    return batch;
  }
}
