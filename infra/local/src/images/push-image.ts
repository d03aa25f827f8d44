import type { Blob, ContainerImage } from './container-image.js';

export interface Registry {
  /** `http://127.0.0.1:25000` */
  url: string;
  credentials?: RegistryCredentials;
}

export interface RegistryCredentials {
  username: string;
  password: string;
}

/** The two registries of the environment. */
export interface Registries {
  open: Registry;
  /** Asks for a user name and a password. */
  locked: Registry & { credentials: RegistryCredentials };
}

const REQUEST_TIMEOUT_MS = 30_000;

/** Puts an image into a registry with the distribution HTTP API; repeating it changes nothing. Not retried: it is local. */
export async function pushImage(
  registry: Registry,
  name: string,
  tag: string,
  image: ContainerImage,
  signal: AbortSignal,
): Promise<void> {
  const send = (method: string, path: string, blob?: Blob): Promise<Response> =>
    request(registry, method, new URL(path, registry.url), blob, signal);
  for (const blob of [image.layer, image.config]) {
    const upload = await send('POST', `/v2/${name}/blobs/uploads/`);
    const target = new URL(upload.headers.get('location') ?? '', registry.url);
    target.searchParams.set('digest', blob.digest);
    await send('PUT', target.href, { ...blob, mediaType: 'application/octet-stream' });
  }
  await send('PUT', `/v2/${name}/manifests/${tag}`, image.manifest);
}

async function request(
  { credentials }: Registry,
  method: string,
  url: URL,
  blob: Blob | undefined,
  signal: AbortSignal,
): Promise<Response> {
  const headers = new Headers(blob && { 'content-type': blob.mediaType });
  if (credentials !== undefined) headers.set('authorization', basicAuthorization(credentials));
  const response = await fetch(url, {
    method,
    headers,
    body: blob === undefined ? null : new Uint8Array(blob.bytes),
    signal: AbortSignal.any([signal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]),
  });
  if (!response.ok)
    throw new Error(`${method} ${url.pathname} at the local registry: ${response.status} ${await response.text()}`);
  await response.arrayBuffer();
  return response;
}

function basicAuthorization({ username, password }: RegistryCredentials): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}
