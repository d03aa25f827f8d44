import { lexicographicSortSchema, printSchema, type GraphQLSchema } from 'graphql';
import { buildSchemaSync, type PubSub } from 'type-graphql';
import { AuditLogResolver } from './access/audit/audit-log.resolver.js';
import { auditMutations } from './access/audit/audit-mutations.js';
import { ApiKeyResolver } from './access/api-key.resolver.js';
import { OrganizationResolver } from './access/organization.resolver.js';
import { ViewerResolver } from './access/viewer.resolver.js';
import { ClusterResolver, InstanceTypeResolver } from './clusters/cluster.resolver.js';
import { PlacementPlanResolver } from './clusters/placement-plan.resolver.js';
import { JobEventResolver } from './jobs/read/job-event.resolver.js';
import { JobListsResolver } from './jobs/list/job-lists.resolver.js';
import { InheritedFromResolver, RerunOfResolver } from './jobs/read/job-origin.resolver.js';
import { JobConnectionResolver, JobResolver } from './jobs/job.resolver.js';
import { JobSubscriptionsResolver } from './jobs/follow/job-subscriptions.resolver.js';
import { PlacementResolver } from './jobs/read/placement.resolver.js';
import { PodConnectionResolver, PodResolver } from './jobs/read/pod.resolver.js';
import { TaskResolver } from './jobs/read/task.resolver.js';

/** Subscriptions read PostgreSQL; type-graphql asks for a publisher all the same, and never uses it. */
const noPubSub: PubSub = {
  publish: () => undefined,
  subscribe: () => {
    throw new Error('Every subscription has a generator of its own');
  },
};

/** Input is checked by the domain's parsers, and roles by the use cases: nothing is hung on single fields. */
export function buildApiSchema(): GraphQLSchema {
  const schema = buildSchemaSync({
    resolvers: [
      ViewerResolver,
      OrganizationResolver,
      ApiKeyResolver,
      AuditLogResolver,
      JobResolver,
      JobConnectionResolver,
      JobListsResolver,
      RerunOfResolver,
      InheritedFromResolver,
      JobEventResolver,
      JobSubscriptionsResolver,
      TaskResolver,
      PodResolver,
      PodConnectionResolver,
      PlacementResolver,
      ClusterResolver,
      InstanceTypeResolver,
      PlacementPlanResolver,
    ],
    validate: false,
    pubSub: noPubSub,
  });
  return auditMutations(schema);
}

/** The schema as text, the same for the same schema. */
export function printApiSchema(): string {
  return `${printSchema(lexicographicSortSchema(buildApiSchema()))}\n`;
}
