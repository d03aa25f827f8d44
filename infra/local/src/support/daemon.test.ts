import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { createTestContext, type TestContext } from '../testing/test-context.js';
import { endRecordedDaemons } from './daemon-records.js';
import { startDaemon, type DaemonSpec } from './daemon.js';
import { findProcessIdentity } from './process-identity.js';

let test: TestContext;
beforeEach(() => (test = createTestContext()));
afterEach(async () => {
  await test.stopAll();
  test.remove();
});

function shell(script: string, change: Partial<DaemonSpec> = {}): DaemonSpec {
  return {
    name: 'shell',
    command: 'sh',
    args: ['-c', script],
    logFile: join(test.context.localDir, 'logs', 'shell.log'),
    isReady: async () => true,
    readyTimeoutMs: 2_000,
    ...change,
  };
}

describe('startDaemon', () => {
  it('waits until the daemon is ready, and takes a failing question for "not yet"', async () => {
    const file = join(test.context.repoDir, 'ready');
    let questions = 0;
    const isReady = async (): Promise<boolean> => {
      questions += 1;
      if (questions === 1) throw new Error('not listening yet');
      return existsSync(file);
    };
    await startDaemon(test.context, shell(`sleep 0.3; touch ${file}; exec sleep 60`, { isReady }));
    expect(existsSync(file)).toBe(true);
  });

  it('says the last lines of the log of one that ends instead', async () => {
    const started = startDaemon(test.context, shell('echo the disk is full; exit 1', { isReady: async () => false }));
    await expect(started).rejects.toThrow(/shell ended before it was ready:\nthe disk is full/);
  });

  it('gives up on one that stays silent', async () => {
    const started = startDaemon(
      test.context,
      shell('exec sleep 60', { isReady: async () => false, readyTimeoutMs: 200 }),
    );
    await expect(started).rejects.toThrow(/not ready after 200 ms/);
  });

  it('stops it with the context, even if it was not ready', async () => {
    const started = startDaemon(
      test.context,
      shell('exec sleep 60', { isReady: async () => false, readyTimeoutMs: 200 }),
    );
    await expect(started).rejects.toThrow(/not ready/);
    await expect(test.stopAll()).resolves.toEqual([]);
    await expect(endRecordedDaemons(test.context)).resolves.toEqual([]);
  });
});

describe('a daemon', () => {
  it('is killed, with what it started, when it does not heed the stop signal', async () => {
    const daemon = await startDaemon(
      test.context,
      shell("trap '' TERM; while :; do sleep 60; done", { stopTimeoutMs: 200 }),
    );
    await Promise.all([daemon.stop(), daemon.stop()]);
    expect(findProcessIdentity(daemon.pid)).toBeUndefined();
    await expect(daemon.exited).resolves.toBeNull();
  });

  it('sees PATH and its own variables and no other of ours', async () => {
    const file = join(test.context.localDir, 'logs', 'shell.log');
    await startDaemon(
      test.context,
      shell('env; exec sleep 60', { env: { MINE: '1' }, isReady: async () => existsSync(file) }),
    );
    const context = { ...test.context, env: { ...test.context.env, SECRET: 'x' } };
    const ended = startDaemon(
      context,
      shell('env; exit 1', { name: 'other', env: { MINE: '1' }, isReady: async () => false }),
    );
    const failure = await ended.catch(String);
    expect(failure).toContain('MINE=1');
    expect(failure).not.toContain('SECRET');
  });
});

describe('endRecordedDaemons', () => {
  it('ends what a killed start left running, and names it', async () => {
    const daemon = await startDaemon(test.context, shell('sleep 60 & exec sleep 60'));
    await expect(endRecordedDaemons(test.context)).resolves.toEqual(['shell']);
    await expect(daemon.exited).resolves.toBeNull();
    await expect(endRecordedDaemons(test.context)).resolves.toEqual([]);
  });
});
