import { DomainError, includesRole, type Role } from '@ccluster/domain';

/** Who calls. */
export interface Principal {
  readonly organizationId: string;
  /** Of the API key, or the issuer's for the bearer of a token. */
  readonly id: string;
  /** Stands in `createdBy` and in events. */
  readonly name: string;
  readonly role: Role;
  /** What it showed. */
  readonly kind: 'KEY' | 'TOKEN';
}

/** Whether what the one may see and do, the other may. */
export function isSameCaller(one: Principal, other: Principal): boolean {
  return one.id === other.id && one.role === other.role && one.organizationId === other.organizationId;
}

/** Throws FORBIDDEN. */
export function requireRole(principal: Principal, role: Role): void {
  if (includesRole(principal.role, role)) return;
  throw new DomainError('FORBIDDEN', `This needs the role ${role}; ${principal.name} has ${principal.role}`);
}
