import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { RequestContext } from '../../http/request-context.js';
import type { Loaders } from '../../http/loaders.js';
import { jobOfRow } from './job-of-row.js';
import { Job } from './job.type.js';
import { Task } from './task.type.js';

@Resolver(() => Job)
export class RerunOfResolver {
  @FieldResolver(() => Job, {
    nullable: true,
    description: 'The finished job that this one runs again; null also once that is deleted',
  })
  rerunOf(@Root() { row }: Job, @Ctx() { loaders }: RequestContext): Promise<Job | null> {
    return loadJob(loaders, row.rerunOf);
  }
}

@Resolver(() => Task)
export class InheritedFromResolver {
  @FieldResolver(() => Job, {
    nullable: true,
    description: 'onlyFailed re-run: the job in which this index succeeded; null also once that is deleted',
  })
  inheritedFrom(@Root() { originId }: Task, @Ctx() { loaders }: RequestContext): Promise<Job | null> {
    return loadJob(loaders, originId);
  }
}

async function loadJob(loaders: Loaders, id: string | null): Promise<Job | null> {
  const row = id === null ? undefined : await loaders.job.load(id);
  return row === undefined ? null : jobOfRow(row);
}
