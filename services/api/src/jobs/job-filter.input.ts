import type { JobListFilter } from '@ccluster/db';
import type { JobStatus } from '@ccluster/domain';
import { Field, ID, InputType } from 'type-graphql';
import { DateTime } from '../graphql/date-time.js';
import { JobStatusEnum } from './job-enums.js';

@InputType()
export class JobFilter {
  @Field(() => [JobStatusEnum], { nullable: true })
  statuses?: JobStatus[] | null;

  @Field(() => ID, { nullable: true })
  clusterId?: string | null;

  @Field(() => String, { nullable: true })
  createdBy?: string | null;

  @Field(() => String, { nullable: true })
  nameContains?: string | null;

  @Field(() => DateTime, { nullable: true })
  createdAfter?: Date | null;

  @Field(() => DateTime, { nullable: true })
  createdBefore?: Date | null;
}

/** An empty list of statuses is any: it is what a form sends where nothing is ticked. */
export function toListFilter(filter: JobFilter | null): JobListFilter {
  return {
    statuses: filter?.statuses?.length ? filter.statuses : undefined,
    clusterId: filter?.clusterId ?? undefined,
    createdBy: filter?.createdBy ?? undefined,
    nameContains: filter?.nameContains ?? undefined,
    createdAfter: filter?.createdAfter ?? undefined,
    createdBefore: filter?.createdBefore ?? undefined,
  };
}
