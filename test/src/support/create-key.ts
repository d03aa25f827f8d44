import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import type { Role } from '@ccluster/client';

const program = new URL('../../../services/api/dist/create-key.js', import.meta.url).pathname;

/** Makes a key as an operator does, and its organization where there is none of that name; the database too is set up. */
export async function createKey(
  env: Readonly<Record<string, string>>,
  organization: string,
  role: Role,
): Promise<string> {
  const options = ['--organization', organization, '--role', role, '--name', 'test'];
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...options], { env });
  return (JSON.parse(stdout) as { key: string }).key;
}
