import type { Role } from '@ccluster/domain';
import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { DateTime } from '../../graphql/date-time.js';
import { PageInfo } from '../../graphql/page-info.type.js';
import { RoleEnum } from '../role-enum.js';

@ObjectType({ simpleResolvers: true })
export class AuditLogEntry {
  @Field(() => ID)
  id!: string;

  @Field(() => DateTime)
  at!: Date;

  @Field(() => ID, { description: 'Whose affair it is: of what was changed, or of who was refused' })
  organizationId!: string;

  @Field(() => ID, { description: 'Of the API key, or `sub` of the token' })
  principalId!: string;

  @Field(() => String)
  principal!: string;

  @Field(() => RoleEnum, { description: 'As it was then' })
  role!: Role;

  @Field(() => String, { description: "The mutation's name, or `create-key` for the command" })
  operation!: string;

  @Field(() => ID, { nullable: true, description: 'null where there is none, or what was given is no id' })
  targetId!: string | null;

  @Field(() => String, { description: '`OK`, or the code of the error' })
  outcome!: string;

  @Field(() => ID, { description: 'The answer had it as `x-request-id`' })
  requestId!: string;
}

@ObjectType({ simpleResolvers: true })
export class AuditLogEdge {
  @Field(() => String)
  cursor!: string;

  @Field(() => AuditLogEntry)
  node!: AuditLogEntry;
}

@ObjectType({ simpleResolvers: true })
export class AuditLogConnection {
  @Field(() => [AuditLogEdge])
  edges!: AuditLogEdge[];

  @Field(() => PageInfo)
  pageInfo!: PageInfo;
}

@InputType()
export class AuditLogFilter {
  @Field(() => ID, { nullable: true, description: "OPERATOR; null: ADMIN the caller's own, OPERATOR all" })
  organizationId?: string | null;

  @Field(() => ID, { nullable: true })
  principalId?: string | null;

  @Field(() => String, { nullable: true })
  operation?: string | null;

  @Field(() => ID, { nullable: true })
  targetId?: string | null;

  @Field(() => String, { nullable: true })
  outcome?: string | null;

  @Field(() => DateTime, { nullable: true, description: 'Later than this' })
  recordedAfter?: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'Earlier than this' })
  recordedBefore?: Date | null;
}
