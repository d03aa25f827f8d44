import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { STOP_TIMEOUT_MS } from '@ccluster/runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';

import { environmentOf, instructionsOf, readDockerfile, repository } from '../image/dockerfile.js';
import { knownVariables, readConfig, SERVICES } from './service-configs.js';

interface ComposeService {
  readonly image: string;
  readonly build?: { readonly context: string; readonly target: string };
  readonly environment?: Readonly<Record<string, string>>;
  readonly command?: readonly string[];
  readonly ports?: readonly string[];
  readonly secrets?: readonly string[];
  readonly networks?: readonly string[];
  readonly profiles?: readonly string[];
  readonly restart?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly stop_grace_period?: string;
  readonly healthcheck?: { readonly test?: readonly string[] };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly deploy?: { readonly resources: { readonly limits: { readonly memory: string } } };
}

interface ComposeFile {
  readonly name: string;
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly secrets?: Readonly<Record<string, { readonly file: string }>>;
  readonly networks?: Readonly<Record<string, { readonly internal?: boolean }>>;
}

const read = (name: string) => parse(readFileSync(join(repository, name), 'utf8'), { merge: true }) as ComposeFile;
const system = read('docker-compose.system.yml');
const local = read('docker-compose.yml');
const stages = readDockerfile();
/** As Compose does where nothing is set. */
const withDefaults = (text: string) => text.replace(/\$\{\w+:-([^}]*)\}/g, '$1');

let folder: string;

beforeAll(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'ccluster-compose-')), 'secrets');
  createSecrets();
});
afterAll(() => rmSync(join(folder, '..'), { recursive: true, force: true }));

const createSecrets = () => execFileSync('sh', [join(repository, 'infra/deploy/create-secrets.sh'), folder]);
const secretText = (name: string) => readFileSync(join(folder, name), 'utf8');

function serviceOf(name: string): ComposeService {
  const service = system.services[name];
  if (service === undefined) throw new Error(`No service ${name}`);
  return service;
}

describe.each(SERVICES)('the %s of docker-compose.system.yml', (name) => {
  const service = serviceOf(name);
  const given = Object.fromEntries(
    Object.entries(service.environment ?? {}).map(([key, value]) => [key, withDefaults(value)]),
  );

  it('is given only variables that it knows, and with the secrets that are made all that it needs', async () => {
    const known = await knownVariables(name);
    expect(Object.keys(given).filter((key) => !known.has(key))).toEqual([]);
    const image = environmentOf(instructionsOf(stages, name));
    const files = Object.entries(given).map(([key, value]) => [key, value.replace('/run/secrets', folder)]);
    await readConfig(name, { ...image, ...Object.fromEntries(files) });
  });

  it('is the image of that name, with the secrets that its variables name', () => {
    expect(service.build).toEqual({ context: '.', target: name });
    expect(stages.map((stage) => stage.name)).toContain(service.build?.target);
    const named = Object.entries(given).flatMap(([key, value]) =>
      key.endsWith('_FILE') ? [value.replace('/run/secrets/', '')] : [],
    );
    expect(service.secrets?.toSorted()).toEqual(named.toSorted());
  });

  it('waits for what it needs, comes again, and is not killed while it stops', () => {
    expect(service.depends_on).toEqual({
      postgres: { condition: 'service_healthy' },
      redis: { condition: 'service_healthy' },
      migrate: { condition: 'service_completed_successfully' },
    });
    expect(service.healthcheck?.test).toEqual(['CMD', 'node', 'healthcheck.mjs', '/readyz']);
    expect(service.restart).toBe('unless-stopped');
    expect(Number.parseInt(service.stop_grace_period ?? '', 10) * 1_000).toBeGreaterThan(STOP_TIMEOUT_MS + 5_000);
    expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'], networks: ['stores', 'outside'] });
  });
});

describe('docker-compose.system.yml', () => {
  it('migrates with the database alone, before the services start', () => {
    const { command, environment, secrets, depends_on: after } = serviceOf('migrate');
    expect([command, environment, secrets]).toEqual([
      ['migrate.mjs'],
      { DATABASE_URL_FILE: '/run/secrets/database-url' },
      ['database-url'],
    ]);
    expect(after).toEqual({ postgres: { condition: 'service_healthy' } });
  });

  it('opens one port, of the api, to this machine', () => {
    const open = Object.entries(system.services).flatMap(([name, { ports = [] }]) => ports.map((port) => [name, port]));
    expect(open.map(([name, port = '']) => [name, withDefaults(port)])).toEqual([['api', '127.0.0.1:8080:4000']]);
    expect(system.networks?.['stores']?.internal).toBe(true);
    for (const store of ['postgres', 'redis']) expect(serviceOf(store).networks).toEqual(['stores']);
  });

  it('bounds the memory of each, and has the images with which all is tested', () => {
    for (const [name, { deploy, image }] of Object.entries(system.services)) {
      expect(deploy?.resources.limits.memory).toMatch(/^\d+[mg]$/);
      expect(image).toBe(local.services[name]?.image ?? image);
    }
  });

  it('is apart from what npm start takes down', () => {
    expect(withDefaults(system.name)).not.toBe(withDefaults(local.name));
    for (const name of ['local-east', 'local-west']) expect(serviceOf(name).profiles).toEqual(['clusters']);
  });

  it('finds every secret where the script makes it; nobody else reads them, and none is made twice', () => {
    const made = Object.values(system.secrets ?? {}).map(({ file }) => {
      expect(withDefaults(file).startsWith('./.local/secrets/')).toBe(true);
      return secretText(withDefaults(file).replace('./.local/secrets/', ''));
    });
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(secretText('database-url')).toContain(`:${secretText('postgres-password').trim()}@postgres:5432/ccluster`);
    createSecrets();
    expect(Object.keys(system.secrets ?? {}).map(secretText)).toEqual(made);
  });
});
