import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';

const INSTANCES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

export interface ClaimedInstance {
  /** 0..9 */
  instance: number;
  release: () => Promise<void>;
}

/**
 * Claims a number no other environment on this machine has: this checkout's former one if free, else the lowest free.
 * Held by an abstract socket, which the kernel frees however this process ends.
 */
export async function claimInstance(localDir: string): Promise<ClaimedInstance> {
  const memory = join(localDir, 'run', 'instance');
  const former = existsSync(memory) ? Number(readFileSync(memory, 'utf8')) : 0;
  for (const instance of INSTANCES.toSorted((a, b) => Number(b === former) - Number(a === former))) {
    const server = await tryListen(`\0ccluster-local-${instance}`);
    if (server === undefined) continue;
    mkdirSync(join(localDir, 'run'), { recursive: true });
    writeFileSync(memory, String(instance));
    return { instance, release: async () => void server.close() };
  }
  throw new Error(`${INSTANCES.length} environments run on this machine already`);
}

async function tryListen(path: string): Promise<Server | undefined> {
  const server = createServer((socket) => socket.destroy());
  try {
    await once(server.listen(path), 'listening');
    server.unref();
    return server;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return undefined;
    throw error;
  }
}
