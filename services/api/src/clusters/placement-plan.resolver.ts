import { Arg, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import type { RequestContext } from '../http/request-context.js';
import { instanceTypeOfRow } from './instance-type-of-row.js';
import { InstanceType } from './instance-type.type.js';
import { planPlacement } from './plan-placement.js';
import { PlacementOffer, PlacementPlanInput } from './placement-plan.type.js';

@Resolver(() => PlacementOffer)
export class PlacementPlanResolver {
  @Query(() => [PlacementOffer], {
    description:
      'What createJob would choose now, best first; then the offers it would not take, each with why. The same function decides.',
  })
  placementPlan(
    @Ctx() { services, principal }: RequestContext,
    @Arg('input', () => PlacementPlanInput) input: PlacementPlanInput,
  ): Promise<PlacementOffer[]> {
    return planPlacement(services, principal, input);
  }

  @FieldResolver(() => InstanceType)
  async instanceType(
    @Root() { instanceTypeId }: PlacementOffer,
    @Ctx() { loaders }: RequestContext,
  ): Promise<InstanceType> {
    const row = await loaders.instanceType.load(instanceTypeId);
    if (row === undefined) throw new Error(`The instance type ${instanceTypeId} of an offer has no row`);
    return instanceTypeOfRow(row);
  }
}
