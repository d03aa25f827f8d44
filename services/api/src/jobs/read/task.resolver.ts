import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { StatusReason } from '../../graphql/status-reason.type.js';
import type { RequestContext } from '../../http/request-context.js';
import { Pod } from './pod.type.js';
import { taskReason } from './task-reason.js';
import { Task } from './task.type.js';

@Resolver(() => Task)
export class TaskResolver {
  @FieldResolver(() => [Pod])
  attempts(@Root() { jobId, index }: Task, @Ctx() { loaders }: RequestContext): Promise<Pod[]> {
    return loaders.attempts.load({ jobId, index });
  }

  @FieldResolver(() => StatusReason, { nullable: true })
  async reason(@Root() task: Task, @Ctx() { loaders }: RequestContext): Promise<StatusReason | null> {
    return taskReason(task.status, await loaders.attempts.load({ jobId: task.jobId, index: task.index }));
  }
}
