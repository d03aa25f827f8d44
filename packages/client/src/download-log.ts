import type { GraphQLFormattedError } from 'graphql';
import type { ClientOptions } from './client.js';
import { RequestRefused } from './errors.js';
import { untilEnd } from './until-end.js';

export interface LogDownload {
  readonly jobId: string;
  /** The log of this pod alone. */
  readonly podId?: string;
  /** The cluster's time stamp before each line. */
  readonly timestamps?: boolean;
}

/** A server that sends nothing for so long is asked again. */
const SILENCE_MS = 60_000;

/**
 * A log as a text file, as far as it is stored now; goes on at the next byte however often the connection drops. Throws
 * RequestRefused.
 */
export async function* downloadLog(
  options: ClientOptions,
  download: LogDownload,
): AsyncGenerator<Uint8Array, void, void> {
  let offset = 0;
  for await (const bytes of untilEnd(() => bytesFrom(options, download, offset))) {
    offset += bytes.length;
    yield bytes;
  }
}

async function* bytesFrom(
  { url, apiKey }: ClientOptions,
  download: LogDownload,
  offset: number,
): AsyncGenerator<Uint8Array, void, void> {
  const silence = new AbortController();
  const watch = (): NodeJS.Timeout => setTimeout(() => silence.abort(), SILENCE_MS);
  let timer = watch();
  try {
    const response = await fetch(addressOf(url, download, offset), {
      headers: { authorization: `Bearer ${apiKey}` },
      signal: silence.signal,
    });
    if (!response.ok) throw await refusalOf(response);
    for await (const bytes of response.body ?? []) {
      clearTimeout(timer);
      yield bytes;
      timer = watch();
    }
  } finally {
    clearTimeout(timer);
    silence.abort();
  }
}

/** The file lies beside the path of GraphQL. */
function addressOf(url: string, { jobId, podId, timestamps = false }: LogDownload, offset: number): URL {
  const pod = podId === undefined ? '' : `/pods/${encodeURIComponent(podId)}`;
  const address = new URL(`jobs/${encodeURIComponent(jobId)}${pod}/log`, url);
  address.search = new URLSearchParams({ timestamps: timestamps ? '1' : '0', offset: String(offset) }).toString();
  return address;
}

/** A fault of the server is no RequestRefused, and may have no JSON. */
async function refusalOf(response: Response): Promise<Error> {
  if (response.status >= 500) return new Error(`The server answered ${response.status}`);
  const { errors } = (await response.json()) as { readonly errors: readonly GraphQLFormattedError[] };
  return new RequestRefused(errors);
}
