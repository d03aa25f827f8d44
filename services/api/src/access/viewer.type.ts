import { ROLES, type Role } from '@ccluster/domain';
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';

const roles = Object.fromEntries(ROLES.map((role) => [role, role]));

registerEnumType(roles, {
  name: 'Role',
  description: 'Each includes those before it, in its own organization; OPERATOR is installation-wide',
});

@ObjectType({ simpleResolvers: true })
export class Organization {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  name!: string;

  @Field(() => Int, { nullable: true, description: 'GPUs its jobs may hold at once; null: no limit' })
  maxGpus!: number | null;
}

@ObjectType({ simpleResolvers: true })
export class Viewer {
  @Field(() => String)
  principal!: string;

  @Field(() => roles)
  role!: Role;

  @Field(() => Organization)
  organization!: Organization;
}
