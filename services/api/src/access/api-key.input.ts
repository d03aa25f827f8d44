import type { Role } from '@ccluster/domain';
import { Field, ID, InputType } from 'type-graphql';
import { DateTime } from '../graphql/date-time.js';
import { RoleEnum } from './role-enum.js';

/** The rules that GraphQL cannot express are `parseCreateApiKey`'s. */
@InputType()
export class CreateApiKeyInput {
  @Field(() => String, { description: '1 to 100 characters; stands in `createdBy` of what is made with the key' })
  name!: string;

  @Field(() => RoleEnum, { description: "At most the caller's own" })
  role!: Role;

  @Field(() => DateTime, { nullable: true, description: 'In the future; null: never' })
  expiresAt?: Date | null;

  @Field(() => ID, { nullable: true, description: "OPERATOR; null: the caller's own" })
  organizationId?: string | null;
}
