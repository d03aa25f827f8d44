import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { createTestContext, type TestContext } from '../testing/test-context.js';
import { CheckoutBusy, lockCheckout } from './checkout-lock.js';
import { findProcessIdentity } from './process-identity.js';

let test: TestContext;
beforeEach(() => (test = createTestContext()));
afterEach(() => test.remove());

describe('lockCheckout', () => {
  it('refuses a second start with the process that holds it', () => {
    lockCheckout(test.context.localDir);
    expect(() => lockCheckout(test.context.localDir)).toThrow(new CheckoutBusy(process.pid));
  });

  it('can be taken again once released', () => {
    lockCheckout(test.context.localDir)();
    expect(lockCheckout(test.context.localDir)).toBeInstanceOf(Function);
  });

  it('is taken over from a process that ended without releasing it', async () => {
    const holder = spawn('sleep', ['60']);
    writeLock(JSON.stringify(findProcessIdentity(holder.pid ?? 0)));
    expect(() => lockCheckout(test.context.localDir)).toThrow(CheckoutBusy);
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    expect(lockCheckout(test.context.localDir)).toBeInstanceOf(Function);
  });

  it.each(['', 'null', '{"pid":1,"startedAt":"another boot"}'])(
    'is taken over from what nobody can hold: %s',
    (text) => {
      writeLock(text);
      expect(lockCheckout(test.context.localDir)).toBeInstanceOf(Function);
    },
  );
});

function writeLock(text: string): void {
  mkdirSync(join(test.context.localDir, 'run'), { recursive: true });
  writeFileSync(join(test.context.localDir, 'run', 'lock'), text);
}
