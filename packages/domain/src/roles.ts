/** Each includes those before it; OPERATOR is installation-wide. */
export const ROLES = ['VIEWER', 'SUBMITTER', 'ADMIN', 'OPERATOR'] as const;

export type Role = (typeof ROLES)[number];

export function includesRole(held: Role, needed: Role): boolean {
  return ROLES.indexOf(held) >= ROLES.indexOf(needed);
}
