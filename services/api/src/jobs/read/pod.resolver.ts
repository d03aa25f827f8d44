import { Arg, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import type { RequestContext } from '../../http/request-context.js';
import { LOG_SEARCH_DESCRIPTION } from '../logs/log-search.js';
import { LogLineConnection } from '../logs/log.type.js';
import { Pod, PodConnection } from './pod.type.js';
import { LOG_PAGE_SIZE_DESCRIPTION, readLogPage } from '../logs/read-log-page.js';

@Resolver(() => Pod)
export class PodResolver {
  @FieldResolver(() => LogLineConnection)
  logs(
    @Root() pod: Pod,
    @Ctx() { services }: RequestContext,
    @Arg('search', () => String, { nullable: true, description: LOG_SEARCH_DESCRIPTION }) search: string | null = null,
    @Arg('first', () => Int, { nullable: true, description: LOG_PAGE_SIZE_DESCRIPTION }) first: number | null = null,
    @Arg('after', () => String, { nullable: true }) after: string | null = null,
    @Arg('last', () => Int, { nullable: true, description: LOG_PAGE_SIZE_DESCRIPTION }) last: number | null = null,
    @Arg('before', () => String, { nullable: true }) before: string | null = null,
  ): Promise<LogLineConnection> {
    const scope = { jobId: pod.jobId, podId: pod.id };
    return readLogPage(services.database.db, scope, { search, first, after, last, before });
  }
}

@Resolver(() => PodConnection)
export class PodConnectionResolver {
  @FieldResolver(() => Int)
  totalCount(@Root() { count }: PodConnection): Promise<number> {
    return count();
  }
}
