import { randomBytes } from 'node:crypto';

import { htpasswdLine, keptRegistryCredentials } from '../images/registry-credentials.js';
import type { LocalContext } from '../support/context.js';
import { findFreePort } from '../support/free-port.js';
import { runCommand, type CommandOptions } from '../support/run-command.js';
import { dockerAnswers } from './docker-answers.js';

/** Pulling images included. */
const UP_TIMEOUT_MS = 15 * 60_000;
const DOWN_TIMEOUT_MS = 60_000;

export interface Compose {
  /** Starts services of docker-compose.yml and waits until they are healthy. */
  up: (services: readonly string[]) => Promise<void>;
  /** A command in a running service; gives its stdout. */
  exec: (service: string, command: readonly string[]) => Promise<string>;
  ports: ComposePorts;
  postgresPassword: string;
}

interface ComposePorts {
  postgres: number;
  redis: number;
  openRegistry: number;
  lockedRegistry: number;
  'local-east': number;
  'local-west': number;
}

/**
 * docker-compose.yml with ports and secrets of this run; undefined where no Docker daemon answers.
 * Once something of it was started, all of it is taken down, volumes included, when the context stops.
 */
export async function findCompose(context: LocalContext): Promise<Compose | undefined> {
  if (!(await dockerAnswers(context))) return undefined;
  const ports = await choosePorts(context.instance);
  const postgresPassword = randomBytes(18).toString('base64url');
  const htpasswd = await htpasswdLine(keptRegistryCredentials(context));
  const env = { ...context.env, ...composeVariables(context, ports, postgresPassword, htpasswd) };
  const compose = (args: readonly string[], limits: Pick<CommandOptions, 'timeoutMs' | 'signal'>): Promise<string> =>
    runCommand('docker', ['compose', ...args], { cwd: context.repoDir, env, ...limits });
  const down = async (): Promise<void> => {
    await compose(['down', '--volumes', '--timeout=5'], { timeoutMs: DOWN_TIMEOUT_MS });
  };
  const prepare = async (): Promise<void> => {
    await down(); // What a killed start left.
    context.onStop('docker compose', down);
  };
  const limits = { signal: context.signal, timeoutMs: UP_TIMEOUT_MS };
  // One after the other: two at once race for the project's network.
  let started: Promise<unknown> | undefined;
  return {
    ports,
    postgresPassword,
    async up(services) {
      started = (started ?? prepare()).then(() => compose(['up', '--detach', '--wait', ...services], limits));
      await started;
    },
    exec: (service, command) => compose(['exec', '--no-TTY', service, ...command], { ...limits, timeoutMs: 30_000 }),
  };
}

async function choosePorts(instance: number): Promise<ComposePorts> {
  return {
    postgres: await findFreePort(25432 + instance),
    redis: await findFreePort(26379 + instance),
    openRegistry: await findFreePort(25000 + 2 * instance),
    lockedRegistry: await findFreePort(25001 + 2 * instance),
    'local-east': await findFreePort(26443 + instance),
    'local-west': await findFreePort(26543 + instance),
  };
}

/** What docker-compose.yml is told; each of them has a default there, for use by hand. */
export function composeVariables(
  context: LocalContext,
  ports: ComposePorts,
  postgresPassword: string,
  registryHtpasswd: string,
): Record<string, string> {
  return {
    CCLUSTER_INSTANCE: String(context.instance),
    CCLUSTER_POSTGRES_PASSWORD: postgresPassword,
    CCLUSTER_POSTGRES_PORT: String(ports.postgres),
    CCLUSTER_REDIS_PORT: String(ports.redis),
    CCLUSTER_OPEN_REGISTRY_PORT: String(ports.openRegistry),
    CCLUSTER_LOCKED_REGISTRY_PORT: String(ports.lockedRegistry),
    CCLUSTER_EAST_PORT: String(ports['local-east']),
    CCLUSTER_WEST_PORT: String(ports['local-west']),
    CCLUSTER_REGISTRY_HTPASSWD: registryHtpasswd,
  };
}
