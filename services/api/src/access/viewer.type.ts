import type { Role } from '@ccluster/domain';
import { Field, ObjectType } from 'type-graphql';
import { Organization } from './organization.type.js';
import { RoleEnum } from './role-enum.js';

@ObjectType({ simpleResolvers: true })
export class Viewer {
  @Field(() => String)
  principal!: string;

  @Field(() => RoleEnum)
  role!: Role;

  @Field(() => Organization)
  organization!: Organization;
}
