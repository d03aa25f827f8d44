import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';

const INSTANCE_COUNT = 10;

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
  const former = existsSync(memory) ? [Number(readFileSync(memory, 'utf8'))] : [];
  for (const instance of [...former, ...Array.from({ length: INSTANCE_COUNT }, (_, index) => index)]) {
    const server = await tryListen(`\0ccluster-local-${instance}`);
    if (server === undefined) continue;
    mkdirSync(join(localDir, 'run'), { recursive: true });
    writeFileSync(memory, String(instance));
    return { instance, release: async () => void server.close() };
  }
  throw new Error(`${INSTANCE_COUNT} environments run on this machine already`);
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
