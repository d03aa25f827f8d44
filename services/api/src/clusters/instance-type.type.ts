import { Field, ID, Int, ObjectType } from 'type-graphql';

/** Its cluster is `cluster.resolver.ts`. */
@ObjectType({ simpleResolvers: true })
export class InstanceType {
  clusterId!: string;

  @Field(() => ID)
  id!: string;

  @Field(() => String)
  name!: string;

  @Field(() => String, { nullable: true, description: 'null: no GPU' })
  gpuType!: string | null;

  @Field(() => Int)
  gpuCount!: number;

  @Field(() => Int, { nullable: true })
  gpuMemoryMiB!: number | null;

  @Field(() => Int)
  cpuMillicores!: number;

  @Field(() => Int)
  memoryMiB!: number;

  @Field(() => Int, { description: 'US cents per replica and hour' })
  pricePerHourCents!: number;

  @Field(() => Int, { nullable: true, description: 'Replicas that would fit now; null: not known' })
  room!: number | null;
}
