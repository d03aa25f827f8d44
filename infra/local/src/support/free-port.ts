import { once } from 'node:events';
import { createServer } from 'node:net';

const STEP = 100;
const ATTEMPTS = 20;

/** `preferred` on 127.0.0.1 if nothing listens there, else the next free one in steps of 100. */
export async function findFreePort(preferred: number): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const port = preferred + attempt * STEP;
    if (await isFree(port)) return port;
  }
  throw new Error(`no free port at ${preferred} or ${ATTEMPTS - 1} steps of ${STEP} above it`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    await once(server.listen(port, '127.0.0.1'), 'listening');
    return true;
  } catch {
    return false;
  } finally {
    await new Promise((closed) => server.close(closed));
  }
}
