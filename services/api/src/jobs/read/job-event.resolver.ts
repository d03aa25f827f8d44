import { DomainError } from '@ccluster/domain';
import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { RequestContext } from '../../http/request-context.js';
import { JobEvent } from './job-event.type.js';
import { jobOfRow } from './job-of-row.js';
import { Job } from './job.type.js';
import { Pod } from './pod.type.js';

@Resolver(() => JobEvent)
export class JobEventResolver {
  @FieldResolver(() => Job, { description: 'Current' })
  async job(@Root() { jobId }: JobEvent, @Ctx() { loaders }: RequestContext): Promise<Job> {
    const row = await loaders.job.load(jobId);
    if (row === undefined) throw new DomainError('JOB_DELETED', 'The job has been deleted');
    return jobOfRow(row);
  }

  @FieldResolver(() => Pod, { nullable: true })
  async pod(@Root() { podId }: JobEvent, @Ctx() { loaders }: RequestContext): Promise<Pod | null> {
    return podId === null ? null : ((await loaders.pod.load(podId)) ?? null);
  }
}
