import { listApiKeys } from '@ccluster/db';
import { isStorable } from '@ccluster/domain';
import { Arg, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import type { MutationContext } from './audit/audit.js';
import type { RequestContext } from '../http/request-context.js';
import { CreateApiKeyInput } from './api-key.input.js';
import { ApiKey, CreatedApiKey } from './api-key.type.js';
import { createApiKey, MAX_VALID_KEYS } from './create-api-key.js';
import { requireRole } from './principal.js';
import { revokeApiKey } from './revoke-api-key.js';

/** All valid ones, and as many of the others. */
const MAX_LISTED = 2 * MAX_VALID_KEYS;

@Resolver()
export class ApiKeyResolver {
  @Query(() => [ApiKey], {
    description:
      "ADMIN; OPERATOR may name another organization. The organization's keys, without secrets: valid ones first, 2,000 at most.",
  })
  async apiKeys(
    @Ctx() { services, principal }: RequestContext,
    @Arg('organizationId', () => ID, { nullable: true }) organizationId: string | null = null,
  ): Promise<ApiKey[]> {
    requireRole(principal, 'ADMIN');
    const ownerId = organizationId ?? principal.organizationId;
    if (ownerId !== principal.organizationId) requireRole(principal, 'OPERATOR');
    return isStorable(ownerId) ? listApiKeys(services.database.db, ownerId, MAX_LISTED) : [];
  }

  @Mutation(() => CreatedApiKey, {
    description: 'ADMIN; OPERATOR may name another organization. The secret is in this answer only.',
  })
  createApiKey(
    @Ctx() { services, principal }: MutationContext,
    @Arg('input', () => CreateApiKeyInput) input: CreateApiKeyInput,
  ): Promise<CreatedApiKey> {
    return createApiKey(services, principal, input);
  }

  @Mutation(() => ID, {
    description: 'ADMIN; OPERATOR those of any organization. What the key has open is closed within a minute.',
  })
  revokeApiKey(@Ctx() { services, principal }: MutationContext, @Arg('id', () => ID) id: string): Promise<string> {
    return revokeApiKey(services, principal, id);
  }
}
