import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

import type { LocalContext } from '../support/context.js';
import type { Step } from '../support/progress.js';

/** Without these the node would report the version v0.0.0-master. */
const VERSION = 'v1.35.4';
const BUILD_TIMEOUT_MS = 40 * 60_000;
const LAST_LINES = 15;

/**
 * The program that is etcd, the control plane, the kubelet and kubectl, built from `infra/kubernetes` with Go; built
 * again only when its sources change. Gives its path.
 */
export async function buildKubernetes(context: LocalContext): Promise<string> {
  const source = join(context.repoDir, 'infra', 'kubernetes');
  const binary = join(context.localDir, 'kubernetes', sourceHash(source), 'kubernetes');
  if (existsSync(binary)) return binary;
  context.progress.say('Kubernetes is built from source once: about 5 minutes on 2 cores, seconds if Go has it cached');
  await context.progress.run('build Kubernetes', (step) => build(context, source, binary, step));
  return binary;
}

function sourceHash(source: string): string {
  const hash = createHash('sha256');
  for (const file of ['go.mod', 'go.sum', 'main.go']) hash.update(readFileSync(join(source, file)));
  return hash.digest('hex').slice(0, 16);
}

async function build(context: LocalContext, source: string, binary: string, step: Step): Promise<void> {
  rmSync(join(context.localDir, 'kubernetes'), { recursive: true, force: true }); // What former sources gave.
  mkdirSync(dirname(binary), { recursive: true });
  const partial = `${binary}.partial`;
  const go = spawn('go', ['build', '-v', '-trimpath', '-ldflags', linkerFlags(), '-o', partial, '.'], {
    cwd: source,
    env: { ...context.env, CGO_ENABLED: '0', GOFLAGS: '-mod=readonly' },
    stdio: ['ignore', 'ignore', 'pipe'],
    signal: AbortSignal.any([context.signal, AbortSignal.timeout(BUILD_TIMEOUT_MS)]),
  });
  // Both at once: a build that is aborted or cannot begin is told by the first, before its output ends.
  const [[code], lastLines] = await Promise.all([once(go, 'exit'), followBuild(go.stderr, step)]);
  if (code !== 0) throw new Error(`go build failed with exit code ${code}:\n${lastLines.join('\n')}`);
  renameSync(partial, binary);
}

function linkerFlags(): string {
  const version = [`gitVersion=${VERSION}`, 'gitMajor=1', 'gitMinor=35'];
  return ['-s', '-w', ...version.map((field) => `-X k8s.io/component-base/version.${field}`)].join(' ');
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
