import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { createTestContext, type TestContext } from '../testing/test-context.js';
import { startComponent, type Component } from './component.js';
import { endRecordedDaemons } from './daemon-records.js';

let test: TestContext;
beforeEach(() => (test = createTestContext()));
afterEach(async () => {
  await test.stopAll();
  test.remove();
});

/** Writes its own process id and that of a child, which is in a group of its own as PostgreSQL's are, and is then ready. */
function startShell(script = 'exec sleep 60'): Promise<Component> {
  return startComponent(test.context, {
    name: 'shell',
    command: 'sh',
    args: ['-c', `setsid sleep 60 & echo "$$ $!" >> ${pidFile()}; ${script}`],
    logFile: join(test.context.localDir, 'shell.log'),
    isReady: async (_, pid) => existsSync(pidFile()) && readFileSync(pidFile(), 'utf8').includes(`${pid} `),
    readyTimeoutMs: 5_000,
  });
}

function pidFile(): string {
  return join(test.context.repoDir, 'pids');
}

/** Of all that ever ran. */
function states(): string[] {
  return readFileSync(pidFile(), 'utf8').trim().split(/\s/).map(stateOf);
}

function stateOf(pid: string): string {
  if (!existsSync(`/proc/${pid}/stat`)) return 'gone';
  const state = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '')[0];
  return { Z: 'gone', T: 'paused' }[state as string] ?? 'runs';
}

describe('a component', () => {
  it('stays down when killed, with all that it started, until it is started again', async () => {
    const shell = await startShell();
    await Promise.all([shell.kill(), shell.kill()]);
    expect(states()).toEqual(['gone', 'gone']);
    await Promise.all([shell.start(), shell.start()]);
    expect(states()).toEqual(['gone', 'gone', 'runs', 'runs']);
  });

  it('is another process after a restart', async () => {
    const shell = await startShell();
    await shell.restart();
    expect(states()).toEqual(['gone', 'gone', 'runs', 'runs']);
  });

  it('is paused with all that it started, until it is resumed', async () => {
    const shell = await startShell();
    await shell.pause();
    await shell.pause();
    expect(states()).toEqual(['paused', 'paused']);
    await shell.resume();
    await expect.poll(states).toEqual(['runs', 'runs']);
  });

  it('can be killed while it is paused', async () => {
    const shell = await startShell();
    await shell.pause();
    await shell.restart();
    expect(states()).toEqual(['gone', 'gone', 'runs', 'runs']);
  });

  it('can be started again when it has ended by itself', async () => {
    const shell = await startShell('sleep 0.3');
    await expect.poll(() => states()[0]).toBe('gone');
    await shell.start();
    expect(states()[2]).toBe('runs');
  });

  it('ends with the context though it is paused', async () => {
    const shell = await startShell();
    await shell.pause();
    await expect(test.stopAll()).resolves.toEqual([]);
    expect(states()[0]).toBe('gone');
  });

  it('is ended by a later start, though it is paused and was left alone', async () => {
    const shell = await startShell();
    await shell.pause();
    await expect(endRecordedDaemons(test.context)).resolves.toHaveLength(2);
    expect(states()).toEqual(['gone', 'gone']);
  });
});
