import { DomainError, includesRole, type Role } from '@ccluster/domain';

/** Who calls. */
export interface Principal {
  readonly organizationId: string;
  /** Stands in `createdBy` and in events. */
  readonly name: string;
  readonly role: Role;
}

/** Throws FORBIDDEN. */
export function requireRole(principal: Principal, role: Role): void {
  if (includesRole(principal.role, role)) return;
  throw new DomainError('FORBIDDEN', `This needs the role ${role}; the key ${principal.name} has ${principal.role}`);
}
