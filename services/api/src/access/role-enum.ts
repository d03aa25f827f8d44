import { ROLES } from '@ccluster/domain';
import { registerEnumType } from 'type-graphql';

export const RoleEnum = Object.fromEntries(ROLES.map((role) => [role, role]));

registerEnumType(RoleEnum, {
  name: 'Role',
  description: 'Each includes those before it, in its own organization; OPERATOR is installation-wide',
});
