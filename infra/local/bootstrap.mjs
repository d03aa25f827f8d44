// The first step of `npm start`, `npm test` and the like: runs on the machine's own Node (20 or newer) without any package,
// brings this project's Node, pnpm, packages and build up to date, and hands over to dist/main.js.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const OLDEST_NODE = 20;
const HEARTBEAT_MS = 15_000;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

const repoDir = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const toolsDir = join(repoDir, '.local', 'tools');
const binDir = join(toolsDir, 'node_modules', '.bin');
const childEnv = { ...process.env, PATH: `${binDir}:${process.env.PATH}` };

async function main() {
  requireMachine();
  await installTools();
  await installPackages();
  await step('compile', join(repoDir, 'node_modules', '.bin', 'tsc'), ['-b']);
  await step('bundle the services', join(binDir, 'node'), [join('infra', 'bundle-services.mjs')]);
  process.exitCode = await handOver();
}

function requireMachine() {
  if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE) {
    fail(
      `Node ${process.versions.node} is too old: install Node ${OLDEST_NODE} or newer (Debian: apt-get install nodejs npm).`,
    );
  }
  if (process.platform !== 'linux' || !['x64', 'arm64'].includes(process.arch)) {
    fail(`The local environment runs on Linux (x64 or arm64), not on ${process.platform} ${process.arch}.`);
  }
}

async function installTools() {
  const from = join(repoDir, 'infra', 'local', 'tools');
  const files = ['package.json', 'package-lock.json'];
  await unlessDone(
    join(toolsDir, '.installed'),
    files.map((file) => join(from, file)),
    binDir,
    async () => {
      mkdirSync(toolsDir, { recursive: true });
      files.forEach((file) => copyFileSync(join(from, file), join(toolsDir, file)));
      const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefix', toolsDir];
      await step('install Node 24 and pnpm into .local/tools', 'npm', args);
      symlinkSync(join('..', '@pnpm', `exe.linux-${process.arch}`, 'pnpm'), join(binDir, 'pnpm'));
    },
  );
}

async function installPackages() {
  const inputs = ['pnpm-lock.yaml', 'pnpm-workspace.yaml'].map((file) => join(repoDir, file));
  const modules = join(repoDir, 'node_modules');
  await unlessDone(join(modules, '.ccluster-installed'), inputs, modules, () =>
    step('install packages', 'pnpm', ['install', '--frozen-lockfile']),
  );
}

/** Skips `work` when its result is there and was made from the same input files. */
async function unlessDone(stampFile, inputFiles, result, work) {
  const hash = createHash('sha256');
  inputFiles.forEach((file) => hash.update(readFileSync(file)));
  const stamp = hash.digest('hex');
  if (existsSync(result) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;
  rmSync(stampFile, { force: true });
  await work();
  writeFileSync(stampFile, stamp);
}

/** Runs a command with its output held back; shown when it fails. */
async function step(title, command, args) {
  const startedAtMs = performance.now();
  const elapsed = () => `${((performance.now() - startedAtMs) / 1000).toFixed(1)} s`;
  console.log(`▸ ${title}`);
  const heartbeat = setInterval(() => console.log(`  … ${title} ${elapsed()}`), HEARTBEAT_MS);
  const child = spawn(command, args, {
    cwd: repoDir,
    env: { ...childEnv, CI: 'true' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const code = await exitCodeOf(child);
  clearInterval(heartbeat);
  if (code !== 0) fail(`✗ ${title} (${elapsed()}): ${command} ${args.join(' ')} ended with ${code}\n${output}`);
  console.log(`✓ ${title} (${elapsed()})`);
}

/** Runs the program itself on Node 24, which decides what a signal means. */
async function handOver() {
  const program = join(repoDir, 'infra', 'local', 'dist', 'main.js');
  const args = [program, ...process.argv.slice(2)];
  return exitCodeOf(spawn(join(binDir, 'node'), args, { cwd: repoDir, env: childEnv, stdio: 'inherit' }));
}

/**
 * Waits for a child, passing signals on to it.
 * Gives the exit code as a shell does: 128 + the number of the signal that ended it, 127 when it cannot be run.
 */
async function exitCodeOf(child) {
  const passOn = (signal) => child.kill(signal);
  SIGNALS.forEach((signal) => process.on(signal, passOn));
  const code = await new Promise((resolve) => {
    child.once('error', () => resolve(127));
    child.once('exit', (exitCode, signal) => resolve(exitCode ?? 128 + constants.signals[signal]));
  });
  SIGNALS.forEach((signal) => process.off(signal, passOn));
  return code;
}

function fail(message) {
  console.error(message);
  if (process.argv[2] === 'test') console.log('0 passed, 1 failed, 0 skipped');
  process.exit(1);
}

await main();
