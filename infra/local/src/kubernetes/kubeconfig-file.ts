import { readFileSync, writeFileSync } from 'node:fs';

import { stringify } from 'yaml';

import type { KeyPairFiles } from './certificates.js';

/** Writes a kubeconfig whose certificates are inline, so that the one file is enough. */
export function writeKubeconfig(
  path: string,
  name: string,
  server: string,
  caFile: string,
  client: KeyPairFiles,
): void {
  const inline = (file: string) => readFileSync(file).toString('base64');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    clusters: [{ name, cluster: { server, 'certificate-authority-data': inline(caFile) } }],
    users: [
      { name, user: { 'client-certificate-data': inline(client.certificate), 'client-key-data': inline(client.key) } },
    ],
    contexts: [{ name, context: { cluster: name, user: name } }],
  };
  writeFileSync(path, stringify(config), { mode: 0o600 });
}
