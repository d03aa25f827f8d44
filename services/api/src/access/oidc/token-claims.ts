import { includesRole, isStorable, type Role } from '@ccluster/domain';
import type { JWTPayload } from 'jose';
import type { ClaimsConfig } from './oidc-config.js';

/** Who a token says its bearer is. */
export interface TokenCaller {
  /** The issuer's name for whoever it is. */
  readonly subject: string;
  readonly name: string;
  readonly organizationName: string;
  readonly role: Role;
}

const MAX_CHARACTERS = 255;

/**
 * What the claims of a verified token mean here.
 * @returns as text, what is wrong with them; never a value of theirs
 */
export function readClaims(payload: JWTPayload, config: ClaimsConfig): TokenCaller | string {
  const subject = textOf(payload.sub);
  const name = textOf(valueAt(payload, config.name));
  if (subject === undefined) return 'its claim sub is missing, or no short text';
  if (name === undefined) return `its claim ${config.name} is missing, or no short text`;
  const organizations = organizationsOf(valueAt(payload, config.organization), config);
  const [organizationName] = organizations;
  if (organizationName === undefined) return `its claim ${config.organization} names no organization`;
  if (organizations.size > 1) return `its claim ${config.organization} names more than one organization`;
  const role = highestRole(valueAt(payload, config.role), config);
  if (role === undefined) return `its claim ${config.role} gives no role`;
  return { subject, name, organizationName, role };
}

/** A claim's own name may have dots in it, as URLs have. */
function valueAt(payload: JWTPayload, name: string): unknown {
  if (Object.hasOwn(payload, name)) return payload[name];
  let value: unknown = payload;
  for (const key of name.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = Reflect.get(value, key);
  }
  return value;
}

function organizationsOf(value: unknown, { organizations }: ClaimsConfig): ReadonlySet<string> {
  if (organizations === undefined) return new Set(textsOf(value));
  return new Set(textsOf(value).flatMap((text) => ownValue(organizations, text) ?? []));
}

function highestRole(value: unknown, { roles }: ClaimsConfig): Role | undefined {
  const given = textsOf(value).flatMap((text) => ownValue(roles, text) ?? []);
  return given.reduce<Role | undefined>(
    (highest, role) => (highest !== undefined && includesRole(highest, role) ? highest : role),
    undefined,
  );
}

function ownValue<Value>(map: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}

/** Of a text, or of a list of texts. */
function textsOf(value: unknown): string[] {
  const values: unknown[] = Array.isArray(value) ? value : [value];
  return values.flatMap((each) => textOf(each) ?? []);
}

function textOf(value: unknown): string | undefined {
  if (typeof value !== 'string' || value === '' || value.length > MAX_CHARACTERS) return undefined;
  return isStorable(value) ? value : undefined;
}
