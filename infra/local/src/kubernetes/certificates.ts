import 'reflect-metadata';
import { randomBytes, webcrypto } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
  type X509Certificate,
} from '@peculiar/x509';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const DAY_MS = 24 * 60 * 60 * 1000;
const VALID_DAYS = 365;

/** PEM files: `<dir>/<name>.crt` and `<dir>/<name>.key`. */
export interface KeyPairFiles {
  readonly certificate: string;
  readonly key: string;
}

export interface CertificateAuthority extends KeyPairFiles {
  /**
   * Issues a certificate that serves as client and as server.
   * @param name of the files
   * @param subject Kubernetes reads the user from commonName and its group from organization
   */
  issue(name: string, subject: { commonName: string; organization?: string; hosts?: string[] }): Promise<KeyPairFiles>;
}

/** A new certificate authority with its files in `dir`. */
export async function createCertificateAuthority(dir: string, commonName: string): Promise<CertificateAuthority> {
  mkdirSync(dir, { recursive: true });
  const keys = await newKeys();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    ...validity(),
    name: `CN=${commonName}`,
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.digitalSignature, true),
    ],
  });
  return {
    ...(await writeKeyPair(dir, 'ca', certificate, keys.privateKey)),
    issue: async (name, subject) => {
      const own = await newKeys();
      return writeKeyPair(
        dir,
        name,
        await issueCertificate(certificate, keys.privateKey, own.publicKey, subject),
        own.privateKey,
      );
    },
  };
}

async function issueCertificate(
  issuer: X509Certificate,
  signingKey: webcrypto.CryptoKey,
  publicKey: webcrypto.CryptoKey,
  subject: { commonName: string; organization?: string; hosts?: string[] },
): Promise<X509Certificate> {
  const names = (subject.hosts ?? []).map((host) => ({
    type: /^[\d.]+$/.test(host) ? ('ip' as const) : ('dns' as const),
    value: host,
  }));
  return X509CertificateGenerator.create({
    ...validity(),
    subject: [
      { CN: [subject.commonName] },
      ...(subject.organization === undefined ? [] : [{ O: [subject.organization] }]),
    ],
    issuer: issuer.subject,
    signingAlgorithm: ALGORITHM,
    publicKey,
    signingKey,
    extensions: [
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth, ExtendedKeyUsage.serverAuth]),
      await AuthorityKeyIdentifierExtension.create(issuer.publicKey),
      ...(names.length === 0 ? [] : [new SubjectAlternativeNameExtension(names)]),
    ],
  });
}

function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}

function validity() {
  const nowMs = Date.now();
  return {
    serialNumber: randomBytes(8).toString('hex'),
    notBefore: new Date(nowMs - DAY_MS),
    notAfter: new Date(nowMs + VALID_DAYS * DAY_MS),
  };
}

async function writeKeyPair(
  dir: string,
  name: string,
  certificate: X509Certificate,
  key: webcrypto.CryptoKey,
): Promise<KeyPairFiles> {
  const files = { certificate: join(dir, `${name}.crt`), key: join(dir, `${name}.key`) };
  writeFileSync(files.certificate, `${certificate.toString('pem')}\n`);
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', key);
  writeFileSync(files.key, `${PemConverter.encode(pkcs8, 'PRIVATE KEY')}\n`, { mode: 0o600 });
  return files;
}
