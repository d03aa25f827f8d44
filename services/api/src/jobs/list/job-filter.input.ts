import type { JobListFilter } from '@ccluster/db';
import { parseJobFilterTexts, type JobStatus } from '@ccluster/domain';
import { Field, ID, InputType } from 'type-graphql';
import { DateTime } from '../../graphql/date-time.js';
import { JobStatusEnum } from '../job-enums.js';

@InputType()
export class JobFilter {
  @Field(() => [JobStatusEnum], { nullable: true, description: 'Any of these; an empty list: any' })
  statuses?: JobStatus[] | null;

  @Field(() => ID, { nullable: true })
  clusterId?: string | null;

  @Field(() => String, { nullable: true })
  createdBy?: string | null;

  @Field(() => String, { nullable: true, description: 'These characters, as they are' })
  nameContains?: string | null;

  @Field(() => DateTime, { nullable: true, description: 'Later than this' })
  createdAfter?: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'Earlier than this' })
  createdBefore?: Date | null;
}

/** An empty list of statuses is any: it is what a form sends where nothing is ticked. Throws BAD_USER_INPUT. */
export function parseListFilter(unsafeFilter: JobFilter | null): JobListFilter {
  const { statuses, createdAfter, createdBefore } = unsafeFilter ?? {};
  return {
    ...parseJobFilterTexts(unsafeFilter ?? {}),
    statuses: statuses?.length ? statuses : undefined,
    createdAfter: createdAfter ?? undefined,
    createdBefore: createdBefore ?? undefined,
  };
}
