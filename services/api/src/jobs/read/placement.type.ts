import { Field, ObjectType } from 'type-graphql';
import { DateTime } from '../../graphql/date-time.js';

/** Its cluster and instance type are `placement.resolver.ts`. */
@ObjectType({ simpleResolvers: true })
export class Placement {
  clusterId!: string;
  instanceTypeId!: string;

  @Field(() => String)
  clusterName!: string;

  @Field(() => String)
  instanceTypeName!: string;

  @Field(() => DateTime)
  decidedAt!: string;

  @Field(() => String)
  explanation!: string;
}
