import type { Credentials, HostileCase } from './hostile-case.js';

const ANSWER_TIMEOUT_MS = 60_000;
const REGISTER = 'mutation ($input: RegisterClusterInput!) { registerCluster(input: $input) { id } }';

export interface CaseAnswer {
  readonly case: HostileCase;
  /** The error code, `REGISTERED`, or how no answer came. */
  readonly code: string;
  readonly tookMs: number;
  readonly answerBytes: number;
}

/** Registers a cluster of the caller's with the credentials of a case. */
export async function sendCase(
  api: { readonly graphqlUrl: string; readonly apiKey: string },
  hostile: HostileCase,
  name: string,
): Promise<CaseAnswer> {
  const askedAt = performance.now();
  const text = await register(api, hostile.credentials, name).catch((error: unknown) => `no answer: ${String(error)}`);
  const tookMs = performance.now() - askedAt;
  return { case: hostile, code: codeOf(text), tookMs, answerBytes: Buffer.byteLength(text) };
}

async function register(
  { graphqlUrl, apiKey }: { readonly graphqlUrl: string; readonly apiKey: string },
  credentials: Credentials,
  name: string,
): Promise<string> {
  const input = { name, region: 'here', namespace: 'jobs', credentials };
  const response = await fetch(graphqlUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${apiKey}` },
    body: JSON.stringify({ query: REGISTER, variables: { input } }),
    signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
  });
  return response.text();
}

function codeOf(text: string): string {
  if (text.startsWith('no answer')) return text;
  const { data, errors } = JSON.parse(text) as { data?: unknown; errors?: { extensions?: { code?: string } }[] };
  if (errors === undefined) return data == null ? text.slice(0, 200) : 'REGISTERED';
  return errors[0]?.extensions?.code ?? text.slice(0, 200);
}
