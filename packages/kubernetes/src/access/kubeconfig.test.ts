import { describe, expect, it, test } from 'vitest';
import { stringify } from 'yaml';
import { CERTIFICATE, PRIVATE_KEY } from '../testing/test-certificate.js';
import { parseKubeconfig } from './kubeconfig.js';
import { KubeconfigRefused } from './kubeconfig-refused.js';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const SECRET = 'canary-0123456789';

interface Parts {
  cluster?: Record<string, unknown>;
  user?: Record<string, unknown>;
  context?: Record<string, unknown>;
  root?: Record<string, unknown>;
}

function kubeconfig({ cluster, user, context, root }: Parts = {}): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'main',
    contexts: [{ name: 'main', context: { cluster: 'east', user: 'ccluster', namespace: 'jobs', ...context } }],
    clusters: [{ name: 'east', cluster: { server: 'https://10.0.0.1:6443/', ...cluster } }],
    users: [{ name: 'ccluster', user: user ?? { token: SECRET } }],
    ...root,
  });
}

function refusal(text: string): KubeconfigRefused {
  try {
    parseKubeconfig(text);
  } catch (error) {
    if (error instanceof KubeconfigRefused) return error;
    throw error;
  }
  throw new Error('was not refused');
}

const token = SECRET;
const REFUSED_FIELDS: [what: string, parts: Parts, path: string][] = [
  ['a program', { user: { exec: { command: SECRET } } }, 'users[0].user.exec'],
  ['a provider', { user: { token, 'auth-provider': { name: 'gcp' } } }, 'users[0].user.auth-provider'],
  ['a token file', { user: { tokenFile: `/${SECRET}` } }, 'users[0].user.tokenFile'],
  ['a key file', { user: { token, 'client-key': SECRET } }, 'users[0].user.client-key'],
  ['a certificate file', { user: { token, 'client-certificate': SECRET } }, 'users[0].user.client-certificate'],
  ['an authority file', { cluster: { 'certificate-authority': SECRET } }, 'clusters[0].cluster.certificate-authority'],
  ['a proxy', { cluster: { 'proxy-url': `https://${SECRET}` } }, 'clusters[0].cluster.proxy-url'],
  ['blind trust', { cluster: { 'insecure-skip-tls-verify': true } }, 'clusters[0].cluster.insecure-skip-tls-verify'],
  ['impersonation', { user: { token, as: SECRET } }, 'users[0].user.as'],
  ['impersonation of groups', { user: { token, 'as-groups': [SECRET] } }, 'users[0].user.as-groups'],
  ['a password', { user: { username: 'me', password: SECRET } }, 'users[0].user.username'],
  ['a field of the future', { user: { token, 'run-this': SECRET } }, 'users[0].user'],
  ['an unknown cluster field', { cluster: { redirect: SECRET } }, 'clusters[0].cluster'],
  ['an unknown root field', { root: { include: SECRET } }, 'kubeconfig'],
  ['plain http', { cluster: { server: `http://${SECRET}` } }, 'server'],
  ['credentials in the URL', { cluster: { server: `https://me:${SECRET}@east` } }, 'server'],
  ['a query in the URL', { cluster: { server: `https://east/?${SECRET}` } }, 'server'],
  ['no credentials', { user: {} }, 'bearerToken'],
  ['a key without its certificate', { user: { token, 'client-key-data': base64(PRIVATE_KEY) } }, 'clientKey'],
  ['a certificate that is none', { cluster: { 'certificate-authority-data': base64(SECRET) } }, 'caCertificate'],
  [
    'a damaged certificate',
    { cluster: { 'certificate-authority-data': base64(CERTIFICATE.slice(0, 200)) } },
    'caCertificate',
  ],
  ['what is not base64', { cluster: { 'certificate-authority-data': `!${SECRET}` } }, 'certificate-authority-data'],
  ['a token of two lines', { user: { token: `${SECRET}\r\nx: y` } }, 'bearerToken'],
  ['a token that is a number', { user: { token: 12 } }, 'users[0].user.token'],
  ['a context that names nothing', { root: { 'current-context': SECRET } }, 'contexts'],
  ['an unknown cluster', { context: { cluster: SECRET } }, 'clusters'],
  [
    'two users of one name',
    {
      root: {
        users: [
          { name: 'ccluster', user: { token } },
          { name: 'ccluster', user: { token: 'b' } },
        ],
      },
    },
    'users',
  ],
  [
    'a forbidden field in an entry that is not current',
    {
      root: {
        users: [
          { name: 'ccluster', user: { token } },
          { name: 'b', user: { exec: {} } },
        ],
      },
    },
    'users[1].user.exec',
  ],
];

const REFUSED_TEXTS: [what: string, text: string][] = [
  ['nothing', ''],
  ['text', SECRET],
  ['a list', '[1, 2]'],
  ['damaged YAML', `{ a: ${SECRET}`],
  ['two documents', `${kubeconfig()}---\n${kubeconfig()}`],
  ['the same field twice', `${kubeconfig()}\nkind: Config\n`],
  ['an alias', `${kubeconfig()}extensions: [&a {name: b}, *a]\n`],
  ['an alias bomb', `a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n`],
  ['deep nesting', '['.repeat(100_000)],
  ['a merge key', `base: &b {a: 1}\nc: {<<: *b}\n`],
  ['a tag', `${kubeconfig()}extensions: !!js/function 'x'\n`],
  ['a tag of a map', `${kubeconfig()}extensions: !!map {a: b}\n`],
  ['a tag of a list', `${kubeconfig()}extensions: !ruby/object [a]\n`],
  ['a version of the future', `%YAML 9.9\n---\n${kubeconfig()}`],
  ['a key that is a list', `${kubeconfig()}? [a]\n: b\n`],
  ['a prototype', `${kubeconfig()}__proto__: {a: b}\n`],
  ['more than 256 KiB', `${kubeconfig()}#${'x'.repeat(256 * 1024)}`],
];

/** Each took seconds to more than a minute, in which the process did nothing else. */
const SLOW_TEXTS: [what: string, text: string][] = [
  ['many keys', Array.from({ length: 30_000 }, (_, i) => `k${i}:`).join('\n')],
  ['many quotes', '"'.repeat(250_000)],
  ['many aliases', '*a '.repeat(80_000)],
  ['many tags', '!a '.repeat(80_000)],
  ['many anchors', '&a '.repeat(80_000)],
  ['many directives', '%a\n'.repeat(80_000)],
  ['deep lists', '['.repeat(250_000)],
  ['a long list', `[${'a,'.repeat(120_000)}]`],
  ['a long blank in base64', kubeconfig({ cluster: { 'certificate-authority-data': `${' '.repeat(250_000)}!` } })],
];

describe('parseKubeconfig', () => {
  it('takes a token', () => {
    expect(parseKubeconfig(kubeconfig())).toEqual({ server: 'https://10.0.0.1:6443', bearerToken: SECRET });
  });

  it('takes a client certificate, an authority and a server name', () => {
    const text = kubeconfig({
      cluster: { 'certificate-authority-data': base64(CERTIFICATE), 'tls-server-name': 'kubernetes' },
      user: { 'client-certificate-data': base64(CERTIFICATE), 'client-key-data': base64(PRIVATE_KEY) },
    });
    expect(parseKubeconfig(text)).toEqual({
      server: 'https://10.0.0.1:6443',
      caCertificate: CERTIFICATE,
      tlsServerName: 'kubernetes',
      clientCertificate: CERTIFICATE,
      clientKey: PRIVATE_KEY,
    });
  });

  it('takes only the current context of several', () => {
    const root = {
      clusters: [
        { name: 'west', cluster: { server: 'https://west' } },
        { name: 'east', cluster: { server: 'https://east' } },
      ],
    };
    expect(parseKubeconfig(kubeconfig({ root })).server).toBe('https://east');
  });

  test.each(REFUSED_FIELDS)('refuses %s and never repeats a value', (_, parts, path) => {
    const refused = refusal(kubeconfig(parts));
    expect(refused.path).toBe(path);
    expect(`${refused.message} ${refused.stack} ${JSON.stringify(refused)}`).not.toContain(SECRET);
  });

  test.each(SLOW_TEXTS)('refuses %s soon', (_, text) => {
    expect(text.length).toBeLessThan(256 * 1024);
    const startedMs = performance.now();
    refusal(text);
    expect(performance.now() - startedMs).toBeLessThan(3_000);
  });

  it('takes the file of a hundred clusters', () => {
    const names = Array.from({ length: 100 }, (_, i) => `cluster-${i}`);
    const root = {
      clusters: [...names, 'east'].map((name) => ({
        name,
        cluster: { server: `https://${name}`, 'certificate-authority-data': base64(CERTIFICATE) },
      })),
      contexts: [...names, 'main'].map((name) => ({ name, context: { cluster: 'east', user: 'ccluster' } })),
      users: [...names, 'ccluster'].map((name) => ({ name, user: { token } })),
    };
    expect(parseKubeconfig(kubeconfig({ root })).server).toBe('https://east');
  });

  test.each(REFUSED_TEXTS)('refuses %s', (_, text) => {
    expect(refusal(text).message).not.toContain(SECRET);
  });
});
