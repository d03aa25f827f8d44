import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import {
  createTestDatabase,
  readTestEnvironment,
  testRedisPrefix,
  waitFor,
  type TestDatabase,
} from '@ccluster/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { environmentOf, instructionsOf, readDockerfile, repository, wordsOf } from '../image/dockerfile.js';
import { freePort } from '../support/service-process.js';

const run = promisify(execFile);
const collect = join(repository, 'infra', 'image', 'collect-service.mjs');
const stages = readDockerfile();

let root: string;
let database: TestDatabase;
let settings: Record<string, string>;

beforeAll(async () => {
  // Outside the repository: no package of it is found from there.
  root = mkdtempSync(join(tmpdir(), 'ccluster-image-'));
  database = await createTestDatabase();
  settings = {
    DATABASE_URL: database.url,
    REDIS_URL: readTestEnvironment().redisUrl,
    REDIS_PREFIX: testRedisPrefix(),
    CCLUSTER_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    GRAPHIQL: 'on',
  };
});

afterAll(async () => {
  await database.drop();
  rmSync(root, { recursive: true, force: true });
});

interface Container {
  readonly folder: string;
  readonly env: Record<string, string>;
  readonly port: number;
  /** Runs a file of the image, as an argument of `docker run` does. */
  node(...args: string[]): Promise<string>;
  /** By the health check of the image. */
  isHealthy(): Promise<boolean>;
  stop(): Promise<unknown>;
}

/** The image's folder and its own environment, on other ports; and what it runs, as its entry point does. */
async function startContainer(service: string): Promise<Container> {
  const folder = join(root, service);
  await run(process.execPath, [collect, service, folder]);
  const instructions = instructionsOf(stages, service);
  const own = environmentOf(instructions);
  const port = await freePort();
  const address = own['PORT'] === undefined ? { HEALTH_PORT: String(port) } : { PORT: String(port) };
  const env = { ...own, ...address, ...settings };
  const [, ...check] = wordsOf(instructions, 'HEALTHCHECK');
  const child: ChildProcess = spawn(process.execPath, wordsOf(instructions, 'CMD'), {
    cwd: folder,
    env,
    stdio: 'ignore',
  });
  const exited = once(child, 'exit');
  const node = async (...args: string[]) => (await run(process.execPath, args, { cwd: folder, env })).stdout;
  return {
    folder,
    env,
    port,
    node,
    isHealthy: () =>
      node(...check).then(
        () => true,
        () => false,
      ),
    stop: async () => {
      child.kill('SIGTERM');
      return ((await exited) as unknown[])[0];
    },
  };
}

const filesIn = (folder: string) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted();

describe('the folder that an image of it holds', () => {
  it.each(['api', 'dispatcher', 'watcher'])('is all that the %s needs, and stays as it is', async (service) => {
    const container = await startContainer(service);
    const files = filesIn(container.folder);
    await waitFor(() => container.isHealthy(), { timeoutMs: 60_000, what: `${service} to be healthy` });
    expect(await container.node('healthcheck.mjs', '/readyz')).toBe('');
    if (service === 'api') await tryApi(container);
    expect(await container.stop()).toBe(0);
    expect(await container.isHealthy()).toBe(false);
    expect(filesIn(container.folder)).toEqual(files);
    expect(files.filter((file) => /\.(?:m?js|node)$/.test(file) && file.startsWith('node_modules')).toSorted()).toEqual(
      service === 'api'
        ? [
            'node_modules/graphiql/graphiql.min.js',
            'node_modules/react-dom/umd/react-dom.production.min.js',
            'node_modules/react/umd/react.production.min.js',
          ]
        : [],
    );
  });
});

/** What it reads at run time is there, and so are an operator's commands. */
async function tryApi({ node, port }: Container): Promise<void> {
  await node('migrate.mjs');
  const made = await node('create-key.mjs', '--organization', 'acme', '--role', 'OPERATOR', '--name', 'first');
  const { key } = JSON.parse(made) as { key: string };
  const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({ query: '{ viewer { role } }' }),
  });
  expect(await response.json()).toEqual({ data: { viewer: { role: 'OPERATOR' } } });
  expect((await fetch(`http://127.0.0.1:${port}/graphql/assets/graphiql.js`)).status).toBe(200);
  expect(await node('print-cluster-manifest.mjs', '--namespace', 'jobs')).toContain('kind: ServiceAccount');
}
