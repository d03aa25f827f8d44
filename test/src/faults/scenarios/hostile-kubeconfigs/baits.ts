import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Files and a listener that nothing but an attack touches. */
export interface LaidBaits {
  readonly directory: string;
  readonly internalPort: number;
  /** Connections to the listener. */
  caught(): number;
  /** Whether the program has run. */
  hasRun(): boolean;
  stop(): Promise<void>;
}

export async function layBaits(certificate: string): Promise<LaidBaits> {
  const directory = mkdtempSync(join(tmpdir(), 'hostile-'));
  const mark = join(directory, 'has-run');
  writeFileSync(join(directory, 'token'), 'bait-token');
  writeFileSync(join(directory, 'certificate.pem'), certificate);
  writeFileSync(join(directory, 'key.pem'), certificate);
  writeFileSync(join(directory, 'program'), `#!/bin/sh\ntouch ${mark}\n`, { mode: 0o755 });
  await promisify(execFile)('mkfifo', [join(directory, 'pipe')]);
  let caught = 0;
  const server = createServer((socket) => {
    caught += 1;
    socket.destroy();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    directory,
    internalPort: (server.address() as AddressInfo).port,
    caught: () => caught,
    hasRun: () => existsSync(mark),
    stop: async () => {
      await new Promise((closed) => server.close(closed));
      rmSync(directory, { recursive: true });
    },
  };
}
