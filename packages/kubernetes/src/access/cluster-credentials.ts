import { createPrivateKey, X509Certificate } from 'node:crypto';
import { z } from 'zod';
import { KubeconfigRefused } from './kubeconfig-refused.js';

const MAX_PEM_CHARACTERS = 64 * 1024;
const MAX_TOKEN_CHARACTERS = 16 * 1024;

/** All that is needed to call one API server, and nothing that could run a program or read a file. Holds secrets: never log it. */
export interface ClusterCredentials {
  /** Base URL without a trailing slash, `https:`; it may have a path (a proxy in front of several clusters). */
  server: string;
  /** PEM; the system's authorities when absent. */
  caCertificate?: string | undefined;
  bearerToken?: string | undefined;
  /** PEM, with `clientKey`. */
  clientCertificate?: string | undefined;
  clientKey?: string | undefined;
  /** The name the server's certificate must carry, when it is not the URL's host. */
  tlsServerName?: string | undefined;
}

const certificate = z.string().max(MAX_PEM_CHARACTERS).refine(isCertificate, 'must be X.509 certificates in PEM');
const partsSchema = z
  .strictObject({
    server: z
      .string()
      .max(2048)
      .refine(isHttpsUrl, 'must be an https URL without user, query or fragment')
      .transform(withoutTrailingSlash),
    caCertificate: certificate.optional(),
    bearerToken: z
      .string()
      .min(1)
      .max(MAX_TOKEN_CHARACTERS)
      .regex(/^[\x21-\x7e]+$/, 'must be one word of printable ASCII')
      .optional(),
    clientCertificate: certificate.optional(),
    clientKey: z
      .string()
      .max(MAX_PEM_CHARACTERS)
      .refine(isPrivateKey, 'must be an unencrypted private key in PEM')
      .optional(),
    tlsServerName: z
      .string()
      .max(253)
      .regex(/^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/, 'must be a host name')
      .optional(),
  })
  .refine((parts) => (parts.clientCertificate === undefined) === (parts.clientKey === undefined), {
    path: ['clientKey'],
    message: 'a client certificate and its key go together',
  })
  .refine((parts) => parts.bearerToken !== undefined || parts.clientCertificate !== undefined, {
    path: ['bearerToken'],
    message: 'a bearer token or a client certificate is needed',
  });

/** The fields of {@link ClusterCredentials}, checked; null counts as absent. Throws {@link KubeconfigRefused}. */
export function parseClusterCredentials(unsafeParts: Readonly<Record<string, unknown>>): ClusterCredentials {
  const result = partsSchema.safeParse(withoutAbsent(unsafeParts));
  if (!result.success) throw refusalOf(result.error);
  return result.data;
}

function withoutAbsent(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null));
}

function refusalOf(error: z.ZodError): KubeconfigRefused {
  const issue = error.issues[0];
  if (issue?.code === 'unrecognized_keys') return new KubeconfigRefused('credentials', 'has a field that is not known');
  return new KubeconfigRefused(issue?.path.join('.') || 'credentials', issue?.message ?? 'is not valid');
}

function isHttpsUrl(text: string): boolean {
  const url = URL.parse(text);
  return (
    url !== null &&
    url.protocol === 'https:' &&
    url.username === '' &&
    url.password === '' &&
    url.search === '' &&
    url.hash === ''
  );
}

function withoutTrailingSlash(text: string): string {
  return new URL(text).href.replace(/\/+$/, '');
}

function isCertificate(pem: string): boolean {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return blocks.length > 0 && blocks.every((block) => succeeds(() => new X509Certificate(block)));
}

function isPrivateKey(pem: string): boolean {
  return succeeds(() => createPrivateKey(pem));
}

/** OpenSSL's own errors name library internals and positions: which rule was broken is all the caller is told. */
function succeeds(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch {
    return false;
  }
}
