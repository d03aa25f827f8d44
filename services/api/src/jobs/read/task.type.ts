import type { TaskStatus } from '@ccluster/domain';
import { Field, Int, ObjectType } from 'type-graphql';
import { PageInfo } from '../../graphql/page-info.type.js';
import { TaskStatusEnum } from '../job-enums.js';

/** Its attempts and reason are `task.resolver.ts`. */
@ObjectType({ simpleResolvers: true })
export class Task {
  jobId!: string;
  /** The job in which it ran, where that is another; null: this one. */
  originId!: string | null;

  @Field(() => Int)
  index!: number;

  @Field(() => TaskStatusEnum)
  status!: TaskStatus;
}

@ObjectType({ simpleResolvers: true })
export class TaskEdge {
  @Field(() => String)
  cursor!: string;

  @Field(() => Task)
  node!: Task;
}

@ObjectType({ simpleResolvers: true })
export class TaskConnection {
  @Field(() => [TaskEdge])
  edges!: TaskEdge[];

  @Field(() => PageInfo)
  pageInfo!: PageInfo;

  @Field(() => Int)
  totalCount!: number;
}
