import { listClusters, listInstanceTypes } from '@ccluster/db';
import { Arg, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { MutationContext } from '../access/audit/audit.js';
import type { RequestContext } from '../http/request-context.js';
import { clusterOfRow } from './cluster-of-row.js';
import { Cluster } from './cluster.type.js';
import { removeInstanceType, updateInstanceType } from './change-instance-type.js';
import { createInstanceType } from './create-instance-type.js';
import { CreateInstanceTypeInput } from './create-instance-type.input.js';
import { instanceTypeOfRow } from './instance-type-of-row.js';
import { InstanceType } from './instance-type.type.js';
import { registerCluster } from './register-cluster.js';
import { RegisterClusterInput } from './register-cluster.input.js';
import { removeCluster } from './remove-cluster.js';
import { updateCluster } from './update-cluster.js';
import { UpdateClusterInput } from './update-cluster.input.js';
import { UpdateInstanceTypeInput } from './update-instance-type.input.js';

@Resolver(() => Cluster)
export class ClusterResolver {
  @Query(() => [Cluster])
  async clusters(@Ctx() { services, principal }: RequestContext): Promise<Cluster[]> {
    return (await listClusters(services.database.db, principal.organizationId)).map(clusterOfRow);
  }

  @Query(() => Cluster, { nullable: true })
  async cluster(@Ctx() { loaders }: RequestContext, @Arg('id', () => ID) id: string): Promise<Cluster | null> {
    const row = await loaders.cluster.load(id);
    return row === undefined ? null : clusterOfRow(row);
  }

  @Query(() => [InstanceType])
  async instanceTypes(
    @Ctx() { services, principal, loaders }: RequestContext,
    @Arg('clusterId', () => ID, { nullable: true }) clusterId: string | null = null,
  ): Promise<InstanceType[]> {
    const rows =
      clusterId === null
        ? await listInstanceTypes(services.database.db, principal.organizationId)
        : await loaders.instanceTypesOfCluster.load(clusterId);
    return rows.map(instanceTypeOfRow);
  }

  @Mutation(() => Cluster, {
    description:
      'ADMIN for a private cluster, OPERATOR for a managed one. Proves the credentials against the cluster before it answers.',
  })
  async registerCluster(
    @Ctx() { services, principal }: MutationContext,
    @Arg('input', () => RegisterClusterInput) input: RegisterClusterInput,
  ): Promise<Cluster> {
    return clusterOfRow(await registerCluster(services, principal, input));
  }

  @Mutation(() => Cluster)
  async updateCluster(
    @Ctx() { services, principal }: MutationContext,
    @Arg('id', () => ID) id: string,
    @Arg('input', () => UpdateClusterInput) input: UpdateClusterInput,
  ): Promise<Cluster> {
    return clusterOfRow(await updateCluster(services, principal, id, input));
  }

  @Mutation(() => ID, {
    description:
      'Refused (CLUSTER_IN_USE) while it has unfinished jobs, unless abandoned: then they end as CLUSTER_ABANDONED.',
  })
  removeCluster(
    @Ctx() { services, principal }: MutationContext,
    @Arg('id', () => ID) id: string,
    @Arg('abandon', () => Boolean, { defaultValue: false }) abandon: boolean,
  ): Promise<string> {
    return removeCluster(services, principal, id, abandon);
  }

  @Mutation(() => InstanceType)
  async createInstanceType(
    @Ctx() { services, principal }: MutationContext,
    @Arg('input', () => CreateInstanceTypeInput) input: CreateInstanceTypeInput,
  ): Promise<InstanceType> {
    return instanceTypeOfRow(await createInstanceType(services, principal, input));
  }

  @Mutation(() => InstanceType)
  async updateInstanceType(
    @Ctx() { services, principal }: MutationContext,
    @Arg('id', () => ID) id: string,
    @Arg('input', () => UpdateInstanceTypeInput) input: UpdateInstanceTypeInput,
  ): Promise<InstanceType> {
    return instanceTypeOfRow(await updateInstanceType(services, principal, id, input));
  }

  @Mutation(() => ID, { description: 'Nothing is sent there any more; jobs that run there go on.' })
  removeInstanceType(
    @Ctx() { services, principal }: MutationContext,
    @Arg('id', () => ID) id: string,
  ): Promise<string> {
    return removeInstanceType(services, principal, id);
  }

  @FieldResolver(() => [InstanceType], { name: 'instanceTypes' })
  async instanceTypesOf(@Root() { id }: Cluster, @Ctx() { loaders }: RequestContext): Promise<InstanceType[]> {
    return (await loaders.instanceTypesOfCluster.load(id)).map(instanceTypeOfRow);
  }
}

@Resolver(() => InstanceType)
export class InstanceTypeResolver {
  @FieldResolver(() => Cluster)
  async cluster(@Root() { clusterId }: InstanceType, @Ctx() { loaders }: RequestContext): Promise<Cluster> {
    const row = await loaders.cluster.load(clusterId);
    if (row === undefined) throw new Error(`The cluster ${clusterId} of an instance type has no row`);
    return clusterOfRow(row);
  }
}
