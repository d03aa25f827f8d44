import type { CreateJobInput } from '@ccluster/client';

const CREATE = `mutation ($input: CreateJobInput!) { createJob(input: $input) {
  id name status imageUrl imageTag hasImagePullSecret command argv completions parallelism backoffLimit
  activeDeadlineSeconds enableLogging createdAt createdBy env { name value secret } annotations { key value }
  counts { pending running succeeded failed cancelled } warnings { code } } }`;

/** The job, as text, or the code of the error; neither where no answer came, or one that says nothing. */
export type RequestOutcome =
  | { readonly kind: 'JOB'; readonly jobId: string; readonly text: string }
  | { readonly kind: 'REFUSED'; readonly code: string }
  | { readonly kind: 'UNANSWERED' };

/** @param patienceMs after which the caller hangs up */
export async function sendRequest(
  address: string,
  apiKey: string,
  input: CreateJobInput,
  patienceMs: number,
): Promise<RequestOutcome> {
  try {
    const response = await fetch(`${address}/graphql`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ query: CREATE, variables: { input } }),
      signal: AbortSignal.timeout(patienceMs),
    });
    return outcomeOf(await response.text());
  } catch {
    return { kind: 'UNANSWERED' };
  }
}

function outcomeOf(text: string): RequestOutcome {
  const { data, errors } = JSON.parse(text) as {
    data?: { createJob: { id: string } | null } | null;
    errors?: readonly { extensions?: { code?: string } }[];
  };
  const code = errors?.[0]?.extensions?.code;
  if (code === 'INTERNAL') return { kind: 'UNANSWERED' };
  if (code !== undefined) return { kind: 'REFUSED', code };
  const job = data?.createJob;
  return job == null ? { kind: 'UNANSWERED' } : { kind: 'JOB', jobId: job.id, text };
}
