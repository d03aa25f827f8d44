import { listOrganizations } from '@ccluster/db';
import { Arg, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import type { MutationContext } from './audit/audit.js';
import type { RequestContext } from '../http/request-context.js';
import { createOrganization } from './create-organization.js';
import { CreateOrganizationInput, UpdateOrganizationInput } from './organization.input.js';
import { Organization } from './organization.type.js';
import { requireRole } from './principal.js';
import { updateOrganization } from './update-organization.js';

@Resolver()
export class OrganizationResolver {
  @Query(() => [Organization], { description: 'OPERATOR: those of the whole installation, oldest first' })
  organizations(@Ctx() { services, principal }: RequestContext): Promise<Organization[]> {
    requireRole(principal, 'OPERATOR');
    return listOrganizations(services.database.db);
  }

  @Mutation(() => Organization, { description: 'OPERATOR' })
  createOrganization(
    @Ctx() { services, principal }: MutationContext,
    @Arg('input', () => CreateOrganizationInput) input: CreateOrganizationInput,
  ): Promise<Organization> {
    return createOrganization(services, principal, input);
  }

  @Mutation(() => Organization, { description: 'OPERATOR. Jobs that a higher limit lets go are sent at once.' })
  updateOrganization(
    @Ctx() { services, principal }: MutationContext,
    @Arg('id', () => ID) id: string,
    @Arg('input', () => UpdateOrganizationInput) input: UpdateOrganizationInput,
  ): Promise<Organization> {
    return updateOrganization(services, principal, id, input);
  }
}
