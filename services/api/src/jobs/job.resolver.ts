import { findJobByName } from '@ccluster/db';
import { isStorable, parseCommand } from '@ccluster/domain';
import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { PAGE_SIZE_DESCRIPTION } from '../graphql/page.js';
import type { MutationContext } from '../access/audit/audit.js';
import type { RequestContext } from '../http/request-context.js';
import { cancelJob, resumeJob, suspendJob } from './control/control-job.js';
import { createJob } from './create/create-job.js';
import { CreateJobInput } from './create/create-job.input.js';
import { deleteJob } from './control/delete-job.js';
import { JobOrderEnum } from './job-enums.js';
import { JobFilter } from './list/job-filter.input.js';
import { jobOfRow } from './read/job-of-row.js';
import { Job, JobConnection } from './read/job.type.js';
import { readJobPage } from './list/list-jobs.js';
import { rerunJob } from './create/rerun-job.js';
import { RerunJobInput } from './create/rerun-job.input.js';

@Resolver()
export class JobResolver {
  @Query(() => Job, { nullable: true, description: 'null: no such job for this caller' })
  async job(@Ctx() { loaders }: RequestContext, @Arg('id', () => ID) id: string): Promise<Job | null> {
    const row = await loaders.job.load(id);
    return row === undefined ? null : jobOfRow(row);
  }

  @Query(() => Job, { nullable: true })
  async jobByName(
    @Ctx() { services, principal }: RequestContext,
    @Arg('name', () => String) name: string,
  ): Promise<Job | null> {
    if (!isStorable(name)) return null;
    const row = await findJobByName(services.database.db, principal.organizationId, name);
    return row === undefined ? null : jobOfRow(row);
  }

  @Query(() => JobConnection)
  jobs(
    @Ctx() context: RequestContext,
    @Arg('filter', () => JobFilter, { nullable: true }) filter: JobFilter | null,
    @Arg('orderBy', () => JobOrderEnum, { defaultValue: 'CREATED_AT_DESC' }) orderBy: keyof typeof JobOrderEnum,
    @Arg('first', () => Int, { defaultValue: 50, description: PAGE_SIZE_DESCRIPTION }) first: number,
    @Arg('after', () => String, { nullable: true }) after: string | null = null,
  ): Promise<JobConnection> {
    const order = orderBy === 'CREATED_AT_DESC' ? 'newest first' : 'oldest first';
    return readJobPage(context, { filter, order, first, after });
  }

  @Query(() => [String], {
    description: 'The argv that `command` becomes, for forms; refuses what createJob refuses.',
  })
  parseCommand(@Arg('command', () => String) command: string): readonly string[] {
    return parseCommand(command).argv;
  }

  @Mutation(() => Job)
  async createJob(
    @Ctx() { services, principal }: MutationContext,
    @Arg('input', () => CreateJobInput) input: CreateJobInput,
  ): Promise<Job> {
    return jobOfRow(await createJob(services, principal, input));
  }

  @Mutation(() => Job)
  async cancelJob(
    @Ctx() { services, principal }: MutationContext,
    @Arg('id', () => ID) id: string,
    @Arg('reason', () => String, { nullable: true, description: 'At most 1,000 characters' }) reason:
      | string
      | null = null,
  ): Promise<Job> {
    return jobOfRow(await cancelJob(services, principal, id, reason));
  }

  @Mutation(() => Job)
  async suspendJob(@Ctx() { services, principal }: MutationContext, @Arg('id', () => ID) id: string): Promise<Job> {
    return jobOfRow(await suspendJob(services, principal, id));
  }

  @Mutation(() => Job)
  async resumeJob(@Ctx() { services, principal }: MutationContext, @Arg('id', () => ID) id: string): Promise<Job> {
    return jobOfRow(await resumeJob(services, principal, id));
  }

  @Mutation(() => Job, {
    description:
      'A new job with the inputs of a finished one; with `onlyFailed` only its tasks that did not succeed run.',
  })
  async rerunJob(
    @Ctx() { services, principal }: MutationContext,
    @Arg('id', () => ID) id: string,
    @Arg('input', () => RerunJobInput) input: RerunJobInput,
  ): Promise<Job> {
    return jobOfRow(await rerunJob(services, principal, id, input));
  }

  @Mutation(() => ID, {
    description: 'Finished jobs only: the record, its events and logs. Frees the name at once.',
  })
  deleteJob(@Ctx() { services, principal }: MutationContext, @Arg('id', () => ID) id: string): Promise<string> {
    return deleteJob(services, principal, id);
  }
}

@Resolver(() => JobConnection)
export class JobConnectionResolver {
  @FieldResolver(() => Int)
  totalCount(@Root() { count }: JobConnection): Promise<number> {
    return count();
  }
}
