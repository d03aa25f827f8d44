import { Field, ID, InputType, Int } from 'type-graphql';

@InputType({
  description: "All of it is optional: the user's own choice, or what an offer must satisfy, or nothing (any offer).",
})
export class PlacementInput {
  @Field(() => ID, { nullable: true, description: 'One that is not draining' })
  clusterId?: string | null;

  @Field(() => ID, { nullable: true, description: 'One of that cluster, where both are given' })
  instanceTypeId?: string | null;

  @Field(() => [String], { nullable: true, description: 'Any of these; an empty list: any' })
  regions?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Any of these; an empty list: any' })
  gpuTypes?: string[] | null;

  @Field(() => Int, { nullable: true, description: 'Per replica' })
  minGpuCount?: number | null;

  @Field(() => Int, { nullable: true, description: 'US cents per replica and hour' })
  maxPricePerHourCents?: number | null;
}
