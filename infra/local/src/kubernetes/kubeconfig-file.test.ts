import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { KubeConfig } from '@kubernetes/client-node';
import { afterAll, expect, it } from 'vitest';

import { createCertificateAuthority } from './certificates.js';
import { writeKubeconfig } from './kubeconfig-file.js';

const dir = mkdtempSync(join(tmpdir(), 'kubeconfig-'));
afterAll(() => rmSync(dir, { recursive: true }));

it('writes a kubeconfig that only its owner reads and that needs no other file', async () => {
  const authority = await createCertificateAuthority(dir, 'test authority');
  const client = await authority.issue('admin', { commonName: 'admin' });
  const path = join(dir, 'admin.kubeconfig');
  writeKubeconfig(path, 'east', 'https://127.0.0.1:6443', authority.certificate, client);
  const kubeconfig = new KubeConfig();
  kubeconfig.loadFromFile(path);
  expect(kubeconfig.getCurrentCluster()?.server).toBe('https://127.0.0.1:6443');
  expect(kubeconfig.getCurrentUser()).toMatchObject({
    certData: expect.any(String),
    keyData: expect.any(String),
    certFile: undefined,
    keyFile: undefined,
  });
  expect(statSync(path).mode & 0o777).toBe(0o600);
});
