import type { JobRow } from '@ccluster/db';
import type { JobStatus } from '@ccluster/domain';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import { DateTime } from '../../graphql/date-time.js';
import { PageInfo } from '../../graphql/page-info.type.js';
import { StatusReason } from '../../graphql/status-reason.type.js';
import { Annotation, EnvironmentVariable, RequestedPlacement, TaskCounts, Warning } from './job-parts.type.js';
import { JobStatusEnum } from '../job-enums.js';
import { Placement } from './placement.type.js';

/** Its lists are `job-lists.resolver.ts`. */
@ObjectType({ simpleResolvers: true })
export class Job {
  /** What its lists are read by. */
  row!: JobRow;

  @Field(() => ID)
  id!: string;

  @Field(() => String)
  name!: string;

  @Field(() => JobStatusEnum)
  status!: JobStatus;

  @Field(() => StatusReason, { nullable: true, description: 'Why it waits, is being ended, or failed' })
  reason!: StatusReason | null;

  @Field(() => [Warning], {
    description: 'Things accepted that may not be what was meant, such as words after `sh -c …`',
  })
  warnings!: Warning[];

  @Field(() => String)
  imageUrl!: string;

  @Field(() => String)
  imageTag!: string;

  @Field(() => Boolean)
  hasImagePullSecret!: boolean;

  @Field(() => String, { nullable: true })
  command!: string | null;

  @Field(() => [String], {
    description: "Exactly what the container runs; empty: the image's own entrypoint",
  })
  argv!: readonly string[];

  @Field(() => Int)
  completions!: number;

  @Field(() => Int)
  parallelism!: number;

  @Field(() => Int)
  backoffLimit!: number;

  @Field(() => Int, { nullable: true })
  activeDeadlineSeconds!: number | null;

  @Field(() => Boolean)
  enableLogging!: boolean;

  @Field(() => [EnvironmentVariable])
  env!: EnvironmentVariable[];

  @Field(() => [Annotation])
  annotations!: readonly Annotation[];

  @Field(() => RequestedPlacement)
  requestedPlacement!: RequestedPlacement;

  @Field(() => Placement, { nullable: true })
  placement!: Placement | null;

  @Field(() => TaskCounts)
  counts!: TaskCounts;

  @Field(() => DateTime)
  createdAt!: Date;

  @Field(() => String)
  createdBy!: string;

  @Field(() => DateTime, { nullable: true })
  startedAt!: Date | null;

  @Field(() => DateTime, { nullable: true })
  finishedAt!: Date | null;

  @Field(() => String, {
    description: 'Give it to jobEvents(after:) to hear all that comes after this answer',
  })
  eventCursor!: string;
}

@ObjectType({ simpleResolvers: true })
export class JobEdge {
  @Field(() => String)
  cursor!: string;

  @Field(() => Job)
  node!: Job;
}

@ObjectType({ simpleResolvers: true })
export class JobConnection {
  /** Counted only where it is asked for. */
  count!: () => Promise<number>;

  @Field(() => [JobEdge])
  edges!: JobEdge[];

  @Field(() => PageInfo)
  pageInfo!: PageInfo;

  @Field(() => String, {
    description: 'Give it to jobUpdates(after:) to hear all that comes after this page',
  })
  updatesCursor!: string;
}
