import type { Compose } from './compose.js';

/** PostgreSQL in Docker; gives its `postgres://` URL. */
export async function startComposePostgres(compose: Compose): Promise<string> {
  await compose.up(['postgres']);
  return `postgres://postgres:${compose.postgresPassword}@127.0.0.1:${compose.ports.postgres}/postgres`;
}

/** Redis in Docker; gives its `redis://` URL. */
export async function startComposeRedis(compose: Compose): Promise<string> {
  await compose.up(['redis']);
  return `redis://127.0.0.1:${compose.ports.redis}`;
}
