import { findOrganization } from '@ccluster/db';
import { Ctx, Query, Resolver } from 'type-graphql';
import type { RequestContext } from '../http/request-context.js';
import { Viewer } from './viewer.type.js';

@Resolver()
export class ViewerResolver {
  @Query(() => Viewer)
  async viewer(@Ctx() { principal, services }: RequestContext): Promise<Viewer> {
    const organization = await findOrganization(services.database.db, principal.organizationId);
    if (organization === undefined) throw new Error(`Organization ${principal.organizationId} has no row`);
    return { principal: principal.name, role: principal.role, organization };
  }
}
