import type { Authenticate } from '../access/authenticate.js';
import type { Principal } from '../access/principal.js';
import type { Services } from '../services.js';
import { createLoaders, type Loaders } from './loaders.js';

/** What resolvers are given: of one HTTP request, or of one operation of a socket. */
export interface RequestContext {
  readonly services: Services;
  readonly principal: Principal;
  /** Replaced for each event of a subscription, since one can last for days. */
  loaders: Loaders;
  /** Throws UNAUTHENTICATED once the caller's key is no longer valid. */
  readonly reauthenticate: () => Promise<Principal>;
}

/** Throws UNAUTHENTICATED for an `Authorization` value that stands for nobody. */
export type CreateContext = (authorization: string | undefined) => Promise<RequestContext>;

/** Throws UNAUTHENTICATED. */
export async function createRequestContext(
  services: Services,
  authenticate: Authenticate,
  authorization: string | undefined,
): Promise<RequestContext> {
  const principal = await authenticate(authorization);
  return {
    services,
    principal,
    loaders: createLoaders(services.database.db, principal.organizationId),
    reauthenticate: () => authenticate(authorization),
  };
}
