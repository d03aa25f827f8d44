import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

import type { LocalContext } from './context.js';
import type { Step } from './progress.js';

const BUILD_TIMEOUT_MS = 40 * 60_000;
const LAST_LINES = 15;

export interface GoProgram {
  /** The module is `infra/<name>`, the program `.local/<name>/<hash of its sources>/<name>`. */
  name: string;
  /** As people know it. */
  title: string;
  /** Of the module's folder: a change of any of them builds again. */
  sources: string[];
  /** What `go build` is told to build. */
  package: string;
  /** For the linker's `-X`. */
  variables: string[];
  /** Said before it is built. */
  notice: string;
}

/** A program built from a Go module of `infra`; built again only when its sources change. Gives its path. */
export async function buildGo(context: LocalContext, program: GoProgram): Promise<string> {
  const module = join(context.repoDir, 'infra', program.name);
  const hash = hashOf(program.sources.map((file) => join(module, file)));
  const binary = join(context.localDir, program.name, hash, program.name);
  if (existsSync(binary)) return binary;
  context.progress.say(program.notice);
  await context.progress.run(`build ${program.title}`, (step) => build(context, program, module, binary, step));
  return binary;
}

function hashOf(files: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of files) hash.update(readFileSync(file));
  return hash.digest('hex').slice(0, 16);
}

async function build(
  context: LocalContext,
  program: GoProgram,
  module: string,
  binary: string,
  step: Step,
): Promise<void> {
  rmSync(join(context.localDir, program.name), { recursive: true, force: true }); // What former sources gave.
  mkdirSync(dirname(binary), { recursive: true });
  const partial = `${binary}.partial`;
  const linkerFlags = ['-s', '-w', ...program.variables.map((variable) => `-X ${variable}`)].join(' ');
  const go = spawn('go', ['build', '-v', '-trimpath', '-ldflags', linkerFlags, '-o', partial, program.package], {
    cwd: module,
    env: { ...context.env, CGO_ENABLED: '0', GOFLAGS: '-mod=readonly' },
    stdio: ['ignore', 'ignore', 'pipe'],
    signal: AbortSignal.any([context.signal, AbortSignal.timeout(BUILD_TIMEOUT_MS)]),
  });
  // Both at once: a build that is aborted or cannot begin is told by the first, before its output ends.
  const [[code], lastLines] = await Promise.all([once(go, 'exit'), followBuild(go.stderr, step)]);
  if (code !== 0) throw new Error(`go build failed with exit code ${code}:\n${lastLines.join('\n')}`);
  renameSync(partial, binary);
}

/** Shows how far the build is, and gives its last lines. */
async function followBuild(output: Readable, step: Step): Promise<string[]> {
  const lastLines: string[] = [];
  let packages = 0;
  for await (const line of createInterface({ input: output })) {
    const isDownload = line.startsWith('go: downloading');
    if (!isDownload) packages += 1;
    step.note(isDownload ? 'downloading modules' : `${packages} packages compiled`);
    lastLines.push(line);
    if (lastLines.length > LAST_LINES) lastLines.shift();
  }
  return lastLines;
}
