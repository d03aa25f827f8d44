import { z } from 'zod';

/** What the contract and GraphQL itself have; INTERNAL is none of them. */
const CODES: ReadonlySet<string> = new Set([
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'BAD_USER_INPUT',
  'JOB_FINISHED',
  'JOB_NOT_FINISHED',
  'JOB_DELETED',
  'NOTHING_TO_RERUN',
  'REQUEST_ID_CONFLICT',
  'CURSOR_INVALID',
  'CURSOR_EXPIRED',
  'KUBECONFIG_REFUSED',
  'CLUSTER_UNREACHABLE',
  'CLUSTER_REFUSED',
  'CLUSTER_LACKS_PERMISSION',
  'CLUSTER_MISMATCH',
  'CLUSTER_EXISTS',
  'CLUSTER_IN_USE',
  'RATE_LIMITED',
  'QUERY_TOO_COMPLEX',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_REQUEST',
]);
const STATUSES: ReadonlySet<number> = new Set([200, 400, 413, 415, 429]);

const errors = z.array(z.looseObject({ message: z.string(), extensions: z.looseObject({ code: z.string() }) })).min(1);
const answer = z.union([
  z.strictObject({ data: z.record(z.string(), z.unknown()) }),
  z.strictObject({ data: z.unknown().optional(), errors }),
]);

export interface Judgement {
  /** Of the errors; `ok` where there are none. */
  readonly code: string;
  /** What is wrong with the answer; undefined: nothing. */
  readonly wrong: string | undefined;
}

/** @param status of HTTP */
export function judgeHttpAnswer(status: number, body: string): Judgement {
  const judgement = judgeAnswer(parseJson(body));
  return STATUSES.has(status) ? judgement : { ...judgement, wrong: `status ${status}` };
}

/** @param unsafeAnswer `{ data, errors }` */
export function judgeAnswer(unsafeAnswer: unknown): Judgement {
  const parsed = answer.safeParse(unsafeAnswer);
  if (!parsed.success) return { code: 'malformed', wrong: `no answer of GraphQL: ${JSON.stringify(unsafeAnswer)}` };
  const codes = 'errors' in parsed.data ? parsed.data.errors.map(({ extensions }) => extensions.code) : [];
  const foreign = codes.find((code) => !CODES.has(code));
  return { code: codes[0] ?? 'ok', wrong: foreign && `code ${foreign}` };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return `no JSON: ${text.slice(0, 200)}`;
  }
}
