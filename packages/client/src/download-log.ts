import { setTimeout as sleep } from 'node:timers/promises';
import type { GraphQLFormattedError } from 'graphql';
import type { ClientOptions } from './client.js';
import { RequestRefused } from './errors.js';

export interface LogDownload {
  readonly jobId: string;
  /** The log of this pod alone. */
  readonly podId?: string;
  /** The cluster's time stamp before each line. */
  readonly timestamps?: boolean;
}

/** A server that sends nothing for so long is asked again. */
const SILENCE_MS = 60_000;
const FIRST_DELAY_MS = 100;
const LAST_DELAY_MS = 5_000;

/**
 * A log as a text file, as far as it is stored now; goes on at the next byte however often the connection drops. Throws
 * RequestRefused.
 */
export async function* downloadLog(
  options: ClientOptions,
  download: LogDownload,
): AsyncGenerator<Uint8Array, void, void> {
  let offset = 0;
  for (let delayMs = FIRST_DELAY_MS; ; delayMs = Math.min(delayMs * 2, LAST_DELAY_MS)) {
    try {
      for await (const bytes of bytesFrom(options, download, offset)) {
        yield bytes;
        offset += bytes.length;
        delayMs = FIRST_DELAY_MS;
      }
      return;
    } catch (error) {
      if (error instanceof RequestRefused) throw error;
    }
    await sleep(delayMs);
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

/** What passes is tried again, so it is not a RequestRefused. */
async function refusalOf(response: Response): Promise<Error> {
  if (response.status >= 500 || response.status === 429) return new Error(`The server answered ${response.status}`);
  const { errors } = (await response.json()) as { readonly errors: readonly GraphQLFormattedError[] };
  return new RequestRefused(errors);
}
