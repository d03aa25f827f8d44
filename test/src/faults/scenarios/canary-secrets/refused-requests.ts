import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';

import type { TestCluster } from '@ccluster/testkit';

import type { Caller } from './caller.js';
import type { Canaries } from './canaries.js';

const CREATE = 'mutation ($input: CreateJobInput!) { createJob(input: $input) { id } }';
const REGISTER = 'mutation ($input: RegisterClusterInput!) { registerCluster(input: $input) { id } }';
const job = { name: 'refused', imageUrl: 'a', imageTag: '1' };

/** Secrets in requests that are refused, each for another reason and by another part of the api. @returns how many */
export async function sendRefusedRequests(caller: Caller, canaries: Canaries, cluster: TestCluster): Promise<number> {
  const sent = [
    ...jobInputs(canaries).map((input) => () => caller.ask(CREATE, { input })),
    ...documents(canaries).map((document) => () => caller.ask(document)),
    ...credentials(canaries, cluster).map((each) => () => caller.ask(REGISTER, { input: registration(each) })),
    ...keys(canaries).map((authorization) => () => caller.ask('{ viewer { principal } }', {}, authorization)),
    ...bodies(canaries).map((request) => () => caller.send('/graphql', request)),
    ...keys(canaries).map((authorization) => () => caller.send('/jobs/job_none/log', { headers: { authorization } })),
    ...conversations(canaries).map((messages) => () => caller.talk(messages)),
  ];
  for (const send of sent) await send();
  return sent.length;
}

function jobInputs(canaries: Canaries): Record<string, unknown>[] {
  const secret = () => canaries.plant('in an input that is refused');
  const env = (value: unknown, name = 'SECRET') => ({ ...job, env: [{ name, value }] });
  return [
    { ...env(secret()), name: 'Not A Name' },
    { ...job, imagePullSecret: { username: '', password: secret() } },
    { ...job, imagePullSecret: { username: secret(), password: '' } },
    { ...job, imagePullSecret: { username: 'a', password: `${secret()}\u0000` } },
    { ...job, imagePullSecret: { username: 'a', password: [secret()] } },
    { ...job, imagePullSecret: secret() },
    { ...job, imagePullSecret: { username: 'a', password: secret(), other: secret() } },
    { ...job, imagePullSecret: { username: 'a', password: secret().padEnd(40_000, 'x') } },
    env(`${secret()}\u0000`),
    env(`${secret()}\ud800`),
    env(secret().padEnd(40_000, 'x')),
    env({ value: secret() }),
    env(secret(), '1-not-a-name'),
    env(secret(), 'JOB_COMPLETIONS'),
    { ...job, env: [1, 2].map(() => ({ name: 'TWICE', value: secret() })) },
    { ...job, env: secret() },
    { ...job, env: [{ name: 'A', value: secret(), secret: secret() }] },
    { ...job, env: Array.from({ length: 12 }, (_, i) => ({ name: `A${i}`, value: secret().padEnd(30_000, 'x') })) },
    { ...env(secret()), placement: { clusterId: 'cl_none' } },
    { ...env(secret()), parallelism: 2 ** 31 },
  ];
}

/** With the secret in the document itself. */
function documents(canaries: Canaries): string[] {
  const secret = () => canaries.plant('in a document');
  const create = (rest: string) =>
    `mutation { createJob(input: { name: "a", imageUrl: "a", imageTag: "1", ${rest} }) { id } }`;
  return [
    create(`imagePullSecret: "${secret()}"`),
    create(`imagePullSecret: { username: "a", password: secret_${secret().replaceAll('-', '_')} }`),
    create(`imagePullSecret: { username: "a", password: "${secret()} }`),
    create(`imagePullSecret: { username: "a", password: """${secret()} }`),
    create(`env: [{ name: "A-B", value: "${secret()}" }]`),
    create(`env: [{ name: "A", value: "${secret()}", secret: "${secret()}" }]`),
    create(`env: "${secret()}"`),
    create(`imagePullSecret: { username: "a", pasword: "${secret()}" }`),
    `mutation { createJob(input: { ${'a'.repeat(10)}: "${secret()}" `,
    `query ($input: Nothing = "${secret()}") { viewer { principal } }`,
  ];
}

function registration(credentials: unknown): Record<string, unknown> {
  return { name: 'refused', region: 'here', namespace: 'refused', managed: true, credentials };
}

function credentials(canaries: Canaries, { dispatcherKubeconfig }: TestCluster): unknown[] {
  const secret = () => canaries.plant('in credentials that are refused');
  const text = readFileSync(dispatcherKubeconfig, 'utf8');
  const server = /server: (\S+)/.exec(text)?.[1] ?? 'https://127.0.0.1:1';
  const authority = /certificate-authority-data: (\S+)/.exec(text)?.[1] ?? '';
  const parts = { server, caCertificate: Buffer.from(authority, 'base64').toString('utf8') };
  return [
    { ...parts, bearerToken: secret() },
    { ...parts, bearerToken: `${secret()}\n${secret()}` },
    { ...parts, bearerToken: secret(), clientKey: secret() },
    { ...parts, clientCertificate: secret(), clientKey: secret() },
    { ...parts, caCertificate: secret(), bearerToken: secret() },
    { server: `https://me:${secret()}@east.example`, bearerToken: secret() },
    { server: 'https://127.0.0.1:1', bearerToken: secret() },
    { kubeconfig: text.replace(/token: \S+/, `token: ${secret()}`) },
    { kubeconfig: text.replace(/token: \S+/, `token: [${secret()}`) },
    { kubeconfig: `${text}\nusers: ${secret()}\n` },
    { kubeconfig: `apiVersion: v1\nusers: [{name: a, user: {password: ${secret()}}}]\n` },
    { kubeconfig: secret() },
    { kubeconfig: text, bearerToken: secret() },
    secret(),
  ];
}

/** Values of `Authorization`. */
function keys(canaries: Canaries): string[] {
  const unknown = `cck_${randomBytes(32).toString('base64url')}`;
  canaries.add('a key that is not known', unknown);
  const secret = () => canaries.plant('a key that is none');
  return [`Bearer ${unknown}`, `Bearer ${secret()}`, `Bearer cck_${secret()}`, `Basic ${secret()}`, secret()];
}

/** What is no GraphQL at all. */
function bodies(canaries: Canaries): RequestInit[] {
  const secret = () => canaries.plant('in a body that is none');
  const post = (body: string, type = 'application/json'): RequestInit => ({
    method: 'POST',
    headers: { 'content-type': type, authorization: `Bearer ${secret()}` },
    body,
  });
  return [
    post(`{"query": "${secret()}`),
    post(`"${secret()}"`),
    post(`[{"query": "{ viewer { principal } }", "variables": {"a": "${secret()}"}}]`),
    post(secret(), 'text/plain'),
    post(secret(), secret()),
    post(`{"query": "${secret()}${'x'.repeat(1024 * 1024)}"}`),
    { method: 'PUT', headers: { authorization: secret() } },
  ];
}

/** Messages over a socket. */
function conversations(canaries: Canaries): string[][] {
  const secret = () => canaries.plant('in a message over a socket');
  const init = (payload: unknown) => JSON.stringify({ type: 'connection_init', payload });
  const subscribe = (query: string) => JSON.stringify({ id: '1', type: 'subscribe', payload: { query } });
  return [
    [init({ authorization: `Bearer ${secret()}` })],
    [init({ authorization: { token: secret() } })],
    [init(secret())],
    [secret()],
    [`{"type": "${secret()}"}`],
    [init({}), subscribe(`{ ${secret()} }`)],
    [subscribe(`subscription { jobUpdates(after: "${secret()}") { cursor } }`)],
  ];
}
