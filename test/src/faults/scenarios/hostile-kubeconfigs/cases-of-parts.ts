import { generateKeyPairSync } from 'node:crypto';

import { kubeconfig, REFUSED, UNREACHABLE, type Baits, type Credentials, type HostileCase } from './hostile-case.js';

/** Credentials given as parts instead of a kubeconfig. */
export function casesOfParts(baits: Baits): HostileCase[] {
  const { directory, internalPort, server } = baits;
  const good = { server: `${server.url}/kind`, caCertificate: server.certificate, bearerToken: 'bait-token' };
  const internal = `https://127.0.0.1:${internalPort}`;
  const parts: [name: string, credentials: Credentials][] = [
    ['nothing', {}],
    ['no credentials', without(good, 'bearerToken')],
    ['no server', without(good, 'server')],
    ['an internal server', { ...good, server: internal }],
    ['plain HTTP', { ...good, server: `http://127.0.0.1:${internalPort}` }],
    ['a kubeconfig next to a part', { kubeconfig: kubeconfig(baits), server: internal }],
    ['a kubeconfig next to all parts', { kubeconfig: kubeconfig(baits), ...good }],
    ['an authority in a file', { ...good, caCertificate: `${directory}/certificate.pem` }],
    ['a key in a file', { ...good, clientCertificate: server.certificate, clientKey: `${directory}/key.pem` }],
    ['a key without its certificate', { ...good, clientKey: 'a' }],
    ['a certificate without its key', { ...good, clientCertificate: server.certificate }],
    ['a key that is none', { ...good, clientCertificate: server.certificate, clientKey: 'a' }],
    ['a key with a password', { ...good, clientCertificate: server.certificate, clientKey: encryptedKey() }],
    ['a key of an engine', { ...good, clientCertificate: server.certificate, clientKey: 'engine:pkcs11:a' }],
    ['a token of two lines', { ...good, bearerToken: 'a\r\nX-Injected: 1' }],
    ['a token with a blank', { ...good, bearerToken: 'a b' }],
    ['a token that is not ASCII', { ...good, bearerToken: 'ä' }],
    ['an empty token', { ...good, bearerToken: '' }],
    ['a token of 500 KiB', { ...good, bearerToken: 'a'.repeat(500_000) }],
    ['a server name with a line break', { ...good, tlsServerName: 'a\nb' }],
    ['a server name with a path', { ...good, tlsServerName: 'a/../b' }],
    ['a server with 500 KiB', { ...good, server: `${server.url}/${'a'.repeat(500_000)}` }],
    ['an authority of 500 KiB', { ...good, caCertificate: 'a'.repeat(500_000) }],
  ];
  return [
    ...parts.map(([name, credentials]) => ({
      name: `parts: ${name}`,
      credentials,
      codes: REFUSED,
      paths: [directory],
    })),
    ...mistrusted(good),
  ];
}

/** The server proves itself, or nothing is sent to it. */
function mistrusted(good: Credentials): HostileCase[] {
  const cases: [name: string, credentials: Credentials][] = [
    ['a server that nobody vouches for', without(good, 'caCertificate')],
    ['a server of another name', { ...good, tlsServerName: 'kubernetes.default' }],
  ];
  return cases.map(([name, credentials]) => ({ name: `parts: ${name}`, credentials, codes: UNREACHABLE }));
}

function without(credentials: Credentials, field: string): Credentials {
  return Object.fromEntries(Object.entries(credentials).filter(([name]) => name !== field));
}

/** What OpenSSL would ask a terminal about. */
function encryptedKey(): string {
  const cipher = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'bait' } as const;
  const publicKeyEncoding = { type: 'spki', format: 'pem' } as const;
  return generateKeyPairSync('ec', { namedCurve: 'P-256', privateKeyEncoding: cipher, publicKeyEncoding }).privateKey;
}
