import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { DateTime } from '../graphql/date-time.js';
import { StatusReason } from '../graphql/status-reason.type.js';

export const ClusterOwnershipEnum = { MANAGED: 'MANAGED', PRIVATE: 'PRIVATE' } as const;
registerEnumType(ClusterOwnershipEnum, { name: 'ClusterOwnership' });

export const ClusterStatusEnum = { HEALTHY: 'HEALTHY', DRAINING: 'DRAINING', UNREACHABLE: 'UNREACHABLE' } as const;
registerEnumType(ClusterStatusEnum, { name: 'ClusterStatus' });

@ObjectType({ simpleResolvers: true })
export class GpuCapacity {
  @Field(() => String)
  gpuType!: string;

  @Field(() => Int)
  total!: number;

  @Field(() => Int)
  free!: number;
}

/** Its instance types are `cluster.resolver.ts`. */
@ObjectType({ simpleResolvers: true })
export class Cluster {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  name!: string;

  @Field(() => String)
  displayName!: string;

  @Field(() => String)
  region!: string;

  @Field(() => String, { nullable: true })
  provider!: string | null;

  @Field(() => ClusterOwnershipEnum)
  ownership!: keyof typeof ClusterOwnershipEnum;

  @Field(() => ClusterStatusEnum)
  status!: keyof typeof ClusterStatusEnum;

  @Field(() => StatusReason, { nullable: true, description: 'Why it is not HEALTHY' })
  reason!: StatusReason | null;

  @Field(() => Boolean)
  draining!: boolean;

  @Field(() => Boolean, { description: 'Nodes are added on demand: jobs are sent even when no node has room now' })
  autoscaling!: boolean;

  @Field(() => String)
  namespace!: string;

  @Field(() => String)
  kubernetesVersion!: string;

  @Field(() => DateTime, { nullable: true })
  lastSeenAt!: Date | null;

  @Field(() => [GpuCapacity])
  capacity!: readonly GpuCapacity[];

  @Field(() => DateTime)
  createdAt!: Date;
}
