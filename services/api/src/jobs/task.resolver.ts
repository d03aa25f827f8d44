import type { PodRow } from '@ccluster/db';
import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { StatusReason } from '../graphql/status-reason.type.js';
import type { RequestContext } from '../http/request-context.js';
import { Pod } from './pod.type.js';
import { Task } from './task.type.js';

@Resolver(() => Task)
export class TaskResolver {
  @FieldResolver(() => [Pod])
  attempts(@Root() { jobId, index }: Task, @Ctx() { loaders }: RequestContext): Promise<Pod[]> {
    return loaders.attempts.load({ jobId, index });
  }

  @FieldResolver(() => StatusReason, { nullable: true })
  async reason(@Root() task: Task, @Ctx() { loaders }: RequestContext): Promise<StatusReason | null> {
    return taskReason(task, await loaders.attempts.load({ jobId: task.jobId, index: task.index }));
  }
}

/** What the attempt says that the task's status comes from: the one that succeeded, or the newest. */
export function taskReason(task: Pick<Task, 'status'>, attempts: readonly PodRow[]): StatusReason | null {
  const attempt =
    task.status === 'SUCCEEDED' ? attempts.findLast((pod) => pod.status === 'SUCCEEDED') : attempts.at(-1);
  return attempt?.reason ?? null;
}
