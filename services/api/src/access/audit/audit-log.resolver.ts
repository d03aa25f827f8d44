import { Arg, Ctx, Int, Query, Resolver } from 'type-graphql';
import { PAGE_SIZE_DESCRIPTION } from '../../graphql/page.js';
import type { RequestContext } from '../../http/request-context.js';
import { AuditLogConnection, AuditLogFilter } from './audit-log.type.js';
import { readAuditLog } from './read-audit-log.js';

@Resolver()
export class AuditLogResolver {
  @Query(() => AuditLogConnection, {
    description:
      'ADMIN; OPERATOR that of all organizations. Who did what, newest first: every mutation that was done, or refused for another reason than its input.',
  })
  auditLog(
    @Ctx() context: RequestContext,
    @Arg('first', () => Int, { defaultValue: 50, description: PAGE_SIZE_DESCRIPTION }) first: number,
    @Arg('after', () => String, { nullable: true }) after: string | null = null,
    @Arg('filter', () => AuditLogFilter, { nullable: true }) filter: AuditLogFilter | null = null,
  ): Promise<AuditLogConnection> {
    return readAuditLog(context, { filter, first, after });
  }
}
