import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { listBuildContext } from './build-context.js';
import { environmentOf, instructionsOf, readDockerfile, repository } from './dockerfile.js';

const BUILD = '/build';

/**
 * Does what the stage `build` of the Dockerfile does, in a folder that has only what it copies; without Docker, and so with
 * this machine's own programs instead of those of its image.
 */
function rehearse(folder: string): void {
  const { instructions } = readDockerfile().find(({ name }) => name === 'build') ?? { instructions: [] };
  const here = (text: string): string => text.replaceAll(BUILD, folder);
  const { PATH = '', ...settings } = environmentOf(instructions);
  // How the registry is reached is this machine's matter.
  const env = { ...process.env, ...settings, PATH: `${here(PATH)}:${process.env['PATH']}` };
  for (const { keyword, rest } of instructions) {
    if (keyword === 'COPY') copy(rest.split(/\s+/), folder);
    if (keyword === 'RUN') {
      console.log(`RUN ${rest}`);
      execFileSync('/bin/sh', ['-c', here(rest)], { cwd: folder, env, stdio: 'inherit' });
    }
  }
}

function copy(words: readonly string[], folder: string): void {
  const sources = words.slice(0, -1);
  const destination = words.at(-1) ?? '.';
  const context = listBuildContext(repository);
  for (const source of sources) {
    const files = context.filter((file) => source === '.' || file === source || file.startsWith(`${source}/`));
    if (files.length === 0) throw new Error(`COPY ${source}: the build context has no such file`);
    const isFile = files.length === 1 && files[0] === source;
    for (const file of files) {
      const within = isFile ? file : file.slice(source === '.' ? 0 : source.length + 1);
      const target = join(folder, destination, within);
      mkdirSync(dirname(target), { recursive: true });
      cpSync(join(repository, file), target);
    }
  }
}

/** Each image copies its folder from there. */
function checkResult(folder: string): void {
  for (const service of ['api', 'dispatcher', 'watcher']) {
    const copied = instructionsOf(readDockerfile(), service).filter(({ keyword }) => keyword === 'COPY');
    if (copied.length === 0) throw new Error(`Nothing is copied into the image of ${service}`);
    for (const { rest } of copied) {
      const [source = ''] = rest.split(/\s+/);
      const made = join(source.replace(BUILD, folder), 'service.mjs');
      if (!existsSync(made)) throw new Error(`${made} was not made`);
      execFileSync(process.execPath, ['--check', made]);
    }
  }
}

const folder = mkdtempSync(join(tmpdir(), 'ccluster-image-'));
try {
  rehearse(folder);
  checkResult(folder);
  console.log('The build stage makes all three services from the files that it copies');
} finally {
  rmSync(folder, { recursive: true, force: true });
}
