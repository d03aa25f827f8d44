import { ROLES, type Role } from '@ccluster/domain';
import { z } from 'zod';

/** Whose tokens are taken, and what they say here. */
export interface OidcConfig {
  /** As the issuer writes itself in `iss`. */
  readonly issuer: string;
  /** What `aud` must hold. */
  readonly audience: string;
  /** undefined: where the issuer's discovery document says. */
  readonly jwksUrl: string | undefined;
  /** How far the issuer's clock may be ahead. */
  readonly clockToleranceSeconds: number;
  /** Whether addresses may be `http:`, on this machine only. */
  readonly allowsHttpOnLoopback: boolean;
  readonly claims: ClaimsConfig;
}

/** Which claims say what. A name is that of a claim, or the way to one inside others: `realm_access.roles`. */
export interface ClaimsConfig {
  readonly name: string;
  readonly organization: string;
  /** The organization's name for each value of the claim; undefined: the value is the name. */
  readonly organizations: Readonly<Record<string, string>> | undefined;
  readonly role: string;
  /** The role for each value of the claim; no other value gives one. */
  readonly roles: Readonly<Record<string, Role>>;
}

const claimName = z.string().regex(/^\S{1,200}$/, 'must be the name of a claim');

/** `{"value": …}` as text. */
function mapTo<Value extends z.ZodType<string>>(value: Value, rule: string) {
  return z.string().transform((text, context): Readonly<Record<string, z.output<Value>>> => {
    const parsed = z.record(z.string(), value).safeParse(parseJson(text));
    if (parsed.success && Object.keys(parsed.data).length > 0) return parsed.data;
    context.addIssue({ code: 'custom', message: rule });
    return z.NEVER;
  });
}

const boolean = z.enum(['true', 'false'], 'must be true or false').transform((text) => text === 'true');

export const oidcVariables = {
  OIDC_ISSUER: z.url('must be a URL').optional(),
  OIDC_AUDIENCE: z.string().optional(),
  OIDC_JWKS_URL: z.url('must be a URL').optional(),
  OIDC_ORGANIZATION_CLAIM: claimName.default('organization'),
  OIDC_ORGANIZATIONS: mapTo(
    z.string().min(1),
    'must be JSON such as {"acme-inc": "acme"}: a claim’s value and an organization',
  ).optional(),
  OIDC_ROLE_CLAIM: claimName.default('roles'),
  OIDC_ROLES: mapTo(
    z.enum(ROLES),
    `must be JSON such as {"gpu-admins": "ADMIN"}: a claim’s value and one of ${ROLES.join(', ')}`,
  ).optional(),
  OIDC_NAME_CLAIM: claimName.default('sub'),
  OIDC_CLOCK_TOLERANCE_SECONDS: z
    .string()
    .regex(/^([0-9]|[1-5][0-9]|60)$/, 'must be a whole number from 0 to 60')
    .default('5')
    .transform(Number),
  OIDC_HTTP_ON_LOOPBACK: boolean.default(false),
};

type OidcVariables = z.output<z.ZodObject<typeof oidcVariables>>;

/** A check of the variables together. */
export function checkOidcVariables(variables: OidcVariables, context: z.RefinementCtx): void {
  const { OIDC_ISSUER: issuer, OIDC_HTTP_ON_LOOPBACK: allowsHttp } = variables;
  const refuse = (name: keyof OidcVariables, message: string) =>
    context.addIssue({ code: 'custom', path: [name], message });
  for (const name of ['OIDC_AUDIENCE', 'OIDC_ROLES'] as const) {
    if (issuer !== undefined && variables[name] === undefined) refuse(name, 'is required with OIDC_ISSUER');
    if (issuer === undefined && variables[name] !== undefined) refuse(name, 'means nothing without OIDC_ISSUER');
  }
  for (const name of ['OIDC_ISSUER', 'OIDC_JWKS_URL'] as const) {
    const url = variables[name];
    if (url === undefined || isTrustedUrl(url, allowsHttp)) continue;
    refuse(
      name,
      'must be https:// (http:// on this machine only, and with OIDC_HTTP_ON_LOOPBACK=true), without a user',
    );
  }
}

/** undefined: only API keys are taken. */
export function oidcConfigOf(variables: OidcVariables): OidcConfig | undefined {
  const { OIDC_ISSUER: issuer, OIDC_AUDIENCE: audience, OIDC_ROLES: roles } = variables;
  if (issuer === undefined || audience === undefined || roles === undefined) return undefined;
  return {
    issuer,
    audience,
    jwksUrl: variables.OIDC_JWKS_URL,
    clockToleranceSeconds: variables.OIDC_CLOCK_TOLERANCE_SECONDS,
    allowsHttpOnLoopback: variables.OIDC_HTTP_ON_LOOPBACK,
    claims: {
      name: variables.OIDC_NAME_CLAIM,
      organization: variables.OIDC_ORGANIZATION_CLAIM,
      organizations: variables.OIDC_ORGANIZATIONS,
      role: variables.OIDC_ROLE_CLAIM,
      roles,
    },
  };
}

/** Nobody on the way can have changed what comes from there. */
export function isTrustedUrl(text: string, allowsHttpOnLoopback: boolean): boolean {
  const url = URL.parse(text);
  if (url === null || url.username !== '' || url.password !== '') return false;
  return url.protocol === 'https:' || (allowsHttpOnLoopback && url.protocol === 'http:' && isLoopback(url.hostname));
}

function isLoopback(hostname: string): boolean {
  return /^127\.\d+\.\d+\.\d+$/.test(hostname) || hostname === '[::1]' || hostname === 'localhost';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
