import type { Compose } from './docker/compose.js';

/** Where PostgreSQL, Redis or Kubernetes comes from. */
export type Source = { kind: 'given'; value: string } | { kind: 'docker'; compose: Compose } | { kind: 'native' };

/** The first that applies: given by the user in an environment variable, Docker, processes of our own. */
export function chooseSource(given: string | undefined, compose: Compose | undefined): Source {
  if (given !== undefined && given !== '') return { kind: 'given', value: given };
  return compose === undefined ? { kind: 'native' } : { kind: 'docker', compose };
}

/** The choice and its reason in one line, such as `Redis: native (Debian's package), since REDIS_URL is not set and …`. */
export function describeSource(part: string, variable: string, native: string, { kind }: Source): string {
  switch (kind) {
    case 'given':
      return `${part}: yours, since ${variable} is set`;
    case 'docker':
      return `${part}: Docker (docker-compose.yml), since ${variable} is not set and a Docker daemon answers`;
    case 'native':
      return `${part}: native (${native}), since ${variable} is not set and no Docker daemon answers`;
  }
}
