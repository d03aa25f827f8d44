import { DomainError } from '@ccluster/domain';
import { describe, expect, it } from 'vitest';
import { IssuerUnreachable } from '../../access/oidc/issuer-unreachable.js';
import type { RequestContext } from '../request-context.js';
import { createAdmit } from './admission.js';

const CONTEXT = {} as RequestContext;

function world(valid: string[]) {
  const seen = { nowMs: 0, lookedUp: 0 };
  const admit = createAdmit(
    async (authorization) => {
      seen.lookedUp += 1;
      if (valid.includes(authorization ?? '')) return CONTEXT;
      throw new DomainError('UNAUTHENTICATED', 'no');
    },
    () => seen.nowMs,
  );
  const tryKeys = async (address: string, count: number) => {
    for (let i = 0; i < count; i += 1) await admit(address, `key ${i}`).catch(() => {});
  };
  return { seen, admit, tryKeys };
}

describe('an address that sends keys of nobody', () => {
  it('is not looked up for any more after a while, until another while has passed', async () => {
    const { admit, seen, tryKeys } = world([]);
    await tryKeys('1.1.1.1', 1_500);
    expect(seen.lookedUp).toBe(500);
    await expect(admit('1.1.1.1', 'key')).rejects.toMatchObject({ name: 'RateLimited', retryAfterSeconds: 1 });
    seen.nowMs = 1_000;
    await expect(admit('1.1.1.1', 'key')).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('is not counted for tokens that nobody can judge now', async () => {
    const admit = createAdmit(
      async () => {
        throw new IssuerUnreachable();
      },
      () => 0,
    );
    for (let i = 0; i < 600; i += 1) {
      await expect(admit('1.1.1.1', `token ${i}`)).rejects.toBeInstanceOf(IssuerUnreachable);
    }
  });

  it('does not keep others out, nor whoever was let in from there before', async () => {
    const { admit, tryKeys } = world(['mine', 'other']);
    await admit('1.1.1.1', 'mine');
    await tryKeys('1.1.1.1', 1_000);
    expect(await admit('1.1.1.1', 'mine')).toBe(CONTEXT);
    expect(await admit('2.2.2.2', 'other')).toBe(CONTEXT);
    await expect(admit('1.1.1.1', 'key')).rejects.toMatchObject({ name: 'RateLimited' });
  });

  it('is looked up for a few at a time', async () => {
    let running = 0;
    let most = 0;
    const admit = createAdmit(
      async () => {
        most = Math.max(most, (running += 1));
        await new Promise((resolve) => setTimeout(resolve, 1));
        running -= 1;
        throw new DomainError('UNAUTHENTICATED', 'no');
      },
      () => 0,
    );
    await Promise.allSettled(Array.from({ length: 100 }, (_, i) => admit('1.1.1.1', `key ${i}`)));
    expect([most, running]).toEqual([8, 0]);
  });

  it('keeps out a key that has ended like any other', async () => {
    const valid = ['mine'];
    const { admit, tryKeys } = world(valid);
    await admit('1.1.1.1', 'mine');
    await tryKeys('1.1.1.1', 1_000);
    valid.pop();
    await expect(admit('1.1.1.1', 'mine')).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    await expect(admit('1.1.1.1', 'mine')).rejects.toMatchObject({ name: 'RateLimited' });
  });
});
