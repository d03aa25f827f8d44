import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

import { createCertificateAuthority } from './certificates.js';

describe('a certificate authority', () => {
  const dir = mkdtempSync(join(tmpdir(), 'certificates-'));
  afterAll(() => rmSync(dir, { recursive: true }));

  it('issues certificates that it verifies, for a user and for hosts', async () => {
    const authority = await createCertificateAuthority(dir, 'test authority');
    const issued = await authority.issue('kubelet', {
      commonName: 'system:node:n1',
      organization: 'system:nodes',
      hosts: ['10.1.2.3', 'n1.example'],
    });
    const certificate = new X509Certificate(readFileSync(issued.certificate));
    const issuer = new X509Certificate(readFileSync(authority.certificate));
    expect(certificate.verify(issuer.publicKey)).toBe(true);
    expect(certificate.checkIssued(issuer)).toBe(true);
    expect(certificate.subject.split('\n')).toEqual(['CN=system:node:n1', 'O=system:nodes']);
    expect(certificate.checkIP('10.1.2.3')).toBe('10.1.2.3');
    expect(certificate.checkHost('n1.example')).toBe('n1.example');
    expect(issuer.ca).toBe(true);
    expect(certificate.ca).toBe(false);
  });
});
