import { Field, ID, Int, ObjectType } from 'type-graphql';

/** A row of the table is one as it is; its cluster is `instance-type.resolver.ts`. */
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

  @Field(() => Int, { nullable: true, name: 'gpuMemoryMiB' })
  gpuMemoryMib!: number | null;

  @Field(() => Int)
  cpuMillicores!: number;

  @Field(() => Int, { name: 'memoryMiB' })
  memoryMib!: number;

  @Field(() => Int, { description: 'US cents per replica and hour' })
  pricePerHourCents!: number;

  @Field(() => Int, { nullable: true, description: 'Replicas that would fit now; null: not known' })
  room!: number | null;
}
