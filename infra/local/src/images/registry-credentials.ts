import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { hash } from 'bcryptjs';

import type { LocalContext } from '../support/context.js';
import type { RegistryCredentials } from './push-image.js';

const USERNAME = 'puller';
/** The lowest there is: a registry checks it on every request, and the password is 144 random bits. */
const BCRYPT_COST = 4;

/** Random once for each checkout, so that a pull secret made before a restart still works after it. */
export function keptRegistryCredentials({ localDir }: LocalContext): RegistryCredentials {
  const file = join(localDir, 'registries', 'password');
  if (!existsSync(file)) {
    mkdirSync(join(localDir, 'registries'), { recursive: true });
    writeFileSync(file, randomBytes(18).toString('base64url'), { mode: 0o600 });
  }
  return { username: USERNAME, password: readFileSync(file, 'utf8') };
}

/** The line of an htpasswd file, in the one format the registry takes. */
export async function htpasswdLine({ username, password }: RegistryCredentials): Promise<string> {
  return `${username}:${await hash(password, BCRYPT_COST)}\n`;
}
