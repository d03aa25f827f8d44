import { Field, ID, Int, ObjectType } from 'type-graphql';
import { DateTime } from '../../graphql/date-time.js';
import { PageInfo } from '../../graphql/page-info.type.js';
import { StatusReason } from '../../graphql/status-reason.type.js';
import { PodStatusEnum } from '../job-enums.js';

/** A pod's row is one as it is; its logs are `pod.resolver.ts`. */
@ObjectType({ simpleResolvers: true })
export class Pod {
  jobId!: string;

  @Field(() => ID)
  id!: string;

  @Field(() => String)
  name!: string;

  @Field(() => Int)
  index!: number;

  @Field(() => Int, { description: '1 for the first' })
  attempt!: number;

  @Field(() => PodStatusEnum)
  status!: keyof typeof PodStatusEnum;

  @Field(() => StatusReason, { nullable: true })
  reason!: StatusReason | null;

  @Field(() => Int, { nullable: true })
  exitCode!: number | null;

  @Field(() => String, { nullable: true })
  nodeName!: string | null;

  @Field(() => String, { nullable: true })
  imageDigest!: string | null;

  @Field(() => DateTime)
  createdAt!: Date;

  @Field(() => DateTime, { nullable: true })
  startedAt!: Date | null;

  @Field(() => DateTime, { nullable: true })
  finishedAt!: Date | null;

  @Field(() => Boolean, { description: 'true: every line that could be had is stored' })
  logComplete!: boolean;
}

@ObjectType({ simpleResolvers: true })
export class PodEdge {
  @Field(() => String)
  cursor!: string;

  @Field(() => Pod)
  node!: Pod;
}

@ObjectType({ simpleResolvers: true })
export class PodConnection {
  /** Counted only where it is asked for. */
  count!: () => Promise<number>;

  @Field(() => [PodEdge])
  edges!: PodEdge[];

  @Field(() => PageInfo)
  pageInfo!: PageInfo;
}
