import { Field, InputType, Int, ObjectType } from 'type-graphql';
import { StatusReason } from '../graphql/status-reason.type.js';
import { PlacementInput } from '../jobs/create/placement.input.js';

@InputType()
export class PlacementPlanInput {
  @Field(() => PlacementInput, { nullable: true })
  placement?: PlacementInput | null;

  @Field(() => Int, { defaultValue: 1 })
  parallelism!: number;
}

/** Its instance type is `placement-plan.resolver.ts`. */
@ObjectType({ simpleResolvers: true })
export class PlacementOffer {
  instanceTypeId!: string;

  @Field(() => Boolean)
  eligible!: boolean;

  @Field(() => Int, { nullable: true, description: 'Replicas that would fit now' })
  room!: number | null;

  @Field(() => Int, { description: 'For all `parallelism` replicas' })
  totalPricePerHourCents!: number;

  @Field(() => [StatusReason], { description: 'Why it is not eligible, or not first' })
  reasons!: StatusReason[];
}
