import type { JobStatus } from '@ccluster/domain';
import { Field, ObjectType } from 'type-graphql';
import { DateTime } from '../../graphql/date-time.js';
import { PageInfo } from '../../graphql/page-info.type.js';
import { JobEventTypeEnum, JobStatusEnum, PodStatusEnum } from '../job-enums.js';

/** Its job and pod are `job-event.resolver.ts`. */
@ObjectType({ simpleResolvers: true })
export class JobEvent {
  jobId!: string;
  podId!: string | null;

  @Field(() => String)
  cursor!: string;

  @Field(() => JobEventTypeEnum)
  type!: keyof typeof JobEventTypeEnum;

  @Field(() => DateTime)
  at!: Date;

  @Field(() => String)
  message!: string;

  @Field(() => JobStatusEnum, { description: 'As of this event' })
  status!: JobStatus;

  @Field(() => PodStatusEnum, { nullable: true, description: 'As of this event, where it concerns a pod' })
  podStatus!: keyof typeof PodStatusEnum | null;
}

@ObjectType({ simpleResolvers: true })
export class JobEventEdge {
  @Field(() => String)
  cursor!: string;

  @Field(() => JobEvent)
  node!: JobEvent;
}

@ObjectType({ simpleResolvers: true })
export class JobEventConnection {
  @Field(() => [JobEventEdge])
  edges!: JobEventEdge[];

  @Field(() => PageInfo)
  pageInfo!: PageInfo;
}
