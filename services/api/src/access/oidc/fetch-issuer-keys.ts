import type { JSONWebKeySet } from 'jose';
import { z } from 'zod';
import { isTrustedUrl, type OidcConfig } from './oidc-config.js';

const TIMEOUT_MS = 5_000;
const MAX_BYTES = 256 * 1024;
const MAX_KEYS = 100;

const discovery = z.object({ issuer: z.string(), jwks_uri: z.string() });
const keySet = z.object({ keys: z.array(z.looseObject({ kty: z.string() })).max(MAX_KEYS) });

/** The keys that the issuer publishes. Throws where they cannot be had, or are not what they should be. */
export async function fetchIssuerKeys(config: OidcConfig): Promise<JSONWebKeySet> {
  return keySet.parse(await fetchJson(config.jwksUrl ?? (await discoverJwksUrl(config))));
}

async function discoverJwksUrl({ issuer, allowsHttpOnLoopback }: OidcConfig): Promise<string> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const found = discovery.parse(await fetchJson(url));
  // Another issuer's document must not bring its keys.
  if (found.issuer !== issuer) throw new Error(`${url} is the document of another issuer`);
  if (!isTrustedUrl(found.jwks_uri, allowsHttpOnLoopback)) throw new Error(`${url} has a jwks_uri that is not https`);
  return found.jwks_uri;
}

async function fetchJson(url: string): Promise<unknown> {
  const response = await fetch(url, {
    headers: { accept: 'application/json' },
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new Error(`${url} answered ${response.status}`);
  }
  return JSON.parse(await readText(response));
}

async function readText(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body ?? []) {
    bytes += part.length;
    if (bytes > MAX_BYTES) throw new Error(`${response.url} answered more than ${MAX_BYTES} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}
