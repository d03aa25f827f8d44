import { Field, ObjectType } from 'type-graphql';
import { DateTime } from './date-time.js';

@ObjectType({ simpleResolvers: true })
export class StatusReason {
  @Field(() => String)
  code!: string;

  @Field(() => String)
  message!: string;

  @Field(() => DateTime)
  since!: Date | string;
}
