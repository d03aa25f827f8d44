import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { clusterOfRow } from '../../clusters/cluster-of-row.js';
import { Cluster } from '../../clusters/cluster.type.js';
import { instanceTypeOfRow } from '../../clusters/instance-type-of-row.js';
import { InstanceType } from '../../clusters/instance-type.type.js';
import type { RequestContext } from '../../http/request-context.js';
import { Placement } from './placement.type.js';

@Resolver(() => Placement)
export class PlacementResolver {
  @FieldResolver(() => Cluster, { nullable: true, description: 'null once removed; the names stay' })
  async cluster(@Root() { clusterId }: Placement, @Ctx() { loaders }: RequestContext): Promise<Cluster | null> {
    const row = await loaders.cluster.load(clusterId);
    return row === undefined ? null : clusterOfRow(row);
  }

  @FieldResolver(() => InstanceType, { nullable: true })
  async instanceType(
    @Root() { instanceTypeId }: Placement,
    @Ctx() { loaders }: RequestContext,
  ): Promise<InstanceType | null> {
    const row = await loaders.instanceType.load(instanceTypeId);
    return row === undefined ? null : instanceTypeOfRow(row);
  }
}
