import type { TaskStatus } from '@ccluster/domain';
import { Arg, Ctx, FieldResolver, ID, Int, Resolver, Root } from 'type-graphql';
import { PAGE_SIZE_DESCRIPTION } from '../../graphql/page.js';
import type { RequestContext } from '../../http/request-context.js';
import { getPod } from '../get-pod.js';
import { JobEventConnection } from '../read/job-event.type.js';
import { TaskStatusEnum } from '../job-enums.js';
import { Job } from '../read/job.type.js';
import { readJobEventPage } from './list-job-events.js';
import { readPodPage } from './list-pods.js';
import { taskPage } from './list-tasks.js';
import { LOG_SEARCH_DESCRIPTION } from '../logs/log-search.js';
import { LogLineConnection } from '../logs/log.type.js';
import { PodConnection } from '../read/pod.type.js';
import { LOG_PAGE_SIZE_DESCRIPTION, readLogPage } from '../logs/read-log-page.js';
import { TaskConnection } from '../read/task.type.js';

@Resolver(() => Job)
export class JobListsResolver {
  @FieldResolver(() => TaskConnection)
  tasks(
    @Root() job: Job,
    @Arg('status', () => TaskStatusEnum, { nullable: true }) status: TaskStatus | null = null,
    @Arg('first', () => Int, { defaultValue: 50, description: PAGE_SIZE_DESCRIPTION }) first: number,
    @Arg('after', () => String, { nullable: true }) after: string | null = null,
  ): TaskConnection {
    return taskPage(job.row, { status, first, after });
  }

  @FieldResolver(() => PodConnection)
  pods(
    @Root() job: Job,
    @Ctx() context: RequestContext,
    @Arg('index', () => Int, { nullable: true }) index: number | null = null,
    @Arg('first', () => Int, { defaultValue: 50, description: PAGE_SIZE_DESCRIPTION }) first: number,
    @Arg('after', () => String, { nullable: true }) after: string | null = null,
  ): Promise<PodConnection> {
    return readPodPage(context, job.id, { index, first, after });
  }

  @FieldResolver(() => JobEventConnection)
  events(
    @Root() job: Job,
    @Ctx() context: RequestContext,
    @Arg('first', () => Int, { defaultValue: 50, description: PAGE_SIZE_DESCRIPTION }) first: number,
    @Arg('after', () => String, { nullable: true }) after: string | null = null,
  ): Promise<JobEventConnection> {
    return readJobEventPage(context, job.row, { first, after });
  }

  @FieldResolver(() => LogLineConnection)
  async logs(
    @Root() job: Job,
    @Ctx() context: RequestContext,
    @Arg('podId', () => ID, { nullable: true }) podId: string | null = null,
    @Arg('index', () => Int, { nullable: true }) index: number | null = null,
    @Arg('search', () => String, { nullable: true, description: LOG_SEARCH_DESCRIPTION }) search: string | null = null,
    @Arg('first', () => Int, { nullable: true, description: LOG_PAGE_SIZE_DESCRIPTION }) first: number | null = null,
    @Arg('after', () => String, { nullable: true }) after: string | null = null,
    @Arg('last', () => Int, { nullable: true, description: LOG_PAGE_SIZE_DESCRIPTION }) last: number | null = null,
    @Arg('before', () => String, { nullable: true }) before: string | null = null,
  ): Promise<LogLineConnection> {
    if (podId !== null) await getPod(context, job.id, podId);
    const scope = { jobId: job.id, podId: podId ?? undefined, index: index ?? undefined };
    return readLogPage(context.services.database.db, scope, { search, first, after, last, before });
  }
}
