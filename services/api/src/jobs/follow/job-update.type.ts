import { Field, ID, ObjectType } from 'type-graphql';
import { JobUpdateKindEnum } from '../job-enums.js';
import { Job } from '../read/job.type.js';

@ObjectType({ simpleResolvers: true })
export class JobUpdate {
  @Field(() => String)
  cursor!: string;

  @Field(() => ID)
  jobId!: string;

  @Field(() => JobUpdateKindEnum)
  kind!: keyof typeof JobUpdateKindEnum;

  @Field(() => Job, { nullable: true, description: 'null where DELETED' })
  job!: Job | null;
}
