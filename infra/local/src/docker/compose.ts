import { randomBytes } from 'node:crypto';

import { htpasswdLine, keptRegistryCredentials } from '../images/registry-credentials.js';
import type { LocalContext } from '../support/context.js';
import { findFreePort } from '../support/free-port.js';
import { runCommand } from '../support/run-command.js';
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
  const env = { ...context.env, ...composeVariables(context, ports, postgresPassword) };
  const htpasswd = await htpasswdLine(keptRegistryCredentials(context));
  const docker = (args: readonly string[], timeoutMs: number, signal?: AbortSignal): Promise<string> =>
    runCommand('docker', ['compose', ...args], {
      cwd: context.repoDir,
      env: { ...env, CCLUSTER_REGISTRY_HTPASSWD: htpasswd },
      timeoutMs,
      ...(signal && { signal }),
    });
  const down = async (): Promise<void> => void (await docker(['down', '--volumes', '--timeout=5'], DOWN_TIMEOUT_MS));
  const prepare = async (): Promise<void> => {
    await down(); // What a killed start left.
    context.onStop('docker compose', down);
  };
  let prepared: Promise<void> | undefined;
  return {
    ports,
    postgresPassword,
    up: async (services) => {
      await (prepared ??= prepare());
      await docker(['up', '--detach', '--wait', ...services], UP_TIMEOUT_MS, context.signal);
    },
    exec: (service, command) => docker(['exec', '--no-TTY', service, ...command], 30_000, context.signal),
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

function composeVariables(
  context: LocalContext,
  ports: ComposePorts,
  postgresPassword: string,
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
  };
}
