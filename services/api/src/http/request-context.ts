import { DomainError } from '@ccluster/domain';
import type { Authenticate } from '../access/authenticate.js';
import { isSameCaller, type Principal } from '../access/principal.js';
import type { SessionWatch } from '../access/session-watch.js';
import type { Services } from '../services.js';
import { createLoaders, type Loaders } from './loaders.js';

/** What resolvers are given: of one HTTP request, or of one operation of a socket. */
export interface RequestContext {
  readonly services: Services;
  readonly principal: Principal;
  /** Under which the audit log has what it did. */
  readonly requestId: string;
  /** Tells the request from any other. Not the context itself: Apollo gives its plugins and resolvers a copy of that. */
  readonly request: symbol;
  /** Replaced for each event of a subscription, since one can last for days. */
  loaders: Loaders;
  /** Throws UNAUTHENTICATED once the caller's key or token is no longer valid, or stands for another role. */
  readonly reauthenticate: () => Promise<void>;
  /** Calls `end` as that happens. Gives up the watch by what it returns. */
  readonly watchSession: (end: () => void) => () => void;
}

/** Throws UNAUTHENTICATED for an `Authorization` value that stands for nobody. */
export type CreateContext = (authorization: string | undefined) => Promise<RequestContext>;

/** Throws UNAUTHENTICATED. */
export async function createRequestContext(
  services: Services,
  { authenticate, sessions }: { readonly authenticate: Authenticate; readonly sessions: SessionWatch },
  authorization: string | undefined,
): Promise<RequestContext> {
  const caller = await authenticate(authorization);
  const { principal } = caller;
  return {
    services,
    principal,
    requestId: crypto.randomUUID(),
    request: Symbol('request'),
    loaders: createLoaders(services.database.db, principal.organizationId),
    reauthenticate: async () => {
      if (isSameCaller((await authenticate(authorization)).principal, principal)) return;
      throw new DomainError('UNAUTHENTICATED', 'The role has changed since: connect again');
    },
    watchSession: (end) => sessions.watch(authorization, caller, end),
  };
}

/** What limits count: a key, or who bears an issuer's tokens, in an organization. */
export function callerOf({ organizationId, id }: Principal): string {
  return `${organizationId}/${id}`;
}
