import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { waitFor } from '../../wait-for.js';
import { ProxyFixture } from './testing/proxy-fixture.js';

const WATCH = '/api/v1/pods?watch=true';

let fixture: ProxyFixture;
afterEach(() => fixture.stop());

const expectSoon = (what: string, condition: () => boolean) => waitFor(condition, { timeoutMs: 3_000, what });

describe('an HTTP fault proxy without faults', () => {
  it('passes method, path, token, bodies, status and headers on', async () => {
    fixture = await ProxyFixture.start();
    let authorization: string | undefined;
    fixture.answer = (incoming, response, body) => {
      ({ authorization } = incoming.headers);
      response.writeHead(201, { 'x-own': 'yes' }).end(`got ${body}`);
    };
    const headers = { authorization: 'Bearer secret' };
    const given = await fixture.ask('/apis/batch/v1/jobs?dryRun=All', { method: 'POST', headers }, '{"kind":"Job"}');
    await given.end;
    expect([given.message.statusCode, given.message.headers['x-own'], given.text()]).toEqual([
      201,
      'yes',
      'got {"kind":"Job"}',
    ]);
    expect([authorization, ...fixture.asked]).toEqual([
      'Bearer secret',
      'POST /apis/batch/v1/jobs?dryRun=All {"kind":"Job"}',
    ]);
    expect(fixture.proxy.counts).toEqual({});
  });

  it('passes the body of a DELETE on', async () => {
    fixture = await ProxyFixture.start();
    const given = await fixture.ask('/api/v1/pods/a', { method: 'DELETE' }, '{"uid":"1"}');
    await given.end;
    expect(fixture.asked).toEqual(['DELETE /api/v1/pods/a {"uid":"1"}']);
  });

  it('takes no more from the API server than the client reads', async () => {
    fixture = await ProxyFixture.start();
    let taken = 0;
    fixture.answer = (_, response) => {
      const more = (): void => {
        while (taken < 200 && response.write(Buffer.alloc(1_000_000))) taken += 1;
      };
      response.on('drain', () => {
        taken += 1;
        more();
      });
      more();
    };
    const { message } = await fixture.ask('/api/v1/namespaces/n/pods/a/log');
    message.pause();
    await sleep(500);
    expect(taken).toBeLessThan(50);
  });

  it('leaves the API server when the client leaves', async () => {
    fixture = await ProxyFixture.start();
    let isGone = false;
    fixture.answer = (_, response) => response.on('close', () => (isGone = true)).write('x');
    const { message } = await fixture.ask(WATCH);
    message.on('error', () => undefined).destroy();
    await expectSoon('the API server to be left', () => isGone);
  });

  it('resets where the API server does', async () => {
    fixture = await ProxyFixture.start();
    fixture.answer = (incoming) => incoming.socket.destroy();
    await expect(fixture.ask('/version')).rejects.toMatchObject({ code: 'ECONNRESET' });
  });
});

describe('a request with a fault', () => {
  it.each([
    [{ kind: 'status', status: 429, retryAfterSeconds: 3, body: 'kubernetes' }, '3', '"reason":"TooManyRequests"'],
    [{ kind: 'status', status: 503, body: 'kubernetes' }, undefined, '"code":503'],
    [{ kind: 'status', status: 410, body: 'kubernetes' }, undefined, '"reason":"Expired"'],
    [{ kind: 'status', status: 500, retryAfterSeconds: 1, body: 'bare' }, '1', '<html>'],
  ] as const)('is answered with %o and not passed on', async (fault, retryAfter, text) => {
    fixture = await ProxyFixture.start(fault);
    const given = await fixture.ask('/api/v1/pods');
    await given.end;
    expect([given.message.statusCode, given.message.headers['retry-after']]).toEqual([fault.status, retryAfter]);
    expect(given.text()).toContain(text);
    expect([fixture.asked, fixture.proxy.counts, fixture.ended]).toEqual([
      [],
      { [`status-${fault.status}`]: 1 },
      ['status /api/v1/pods'],
    ]);
  });

  it.each([
    ['reset-before', 0],
    ['lose-answer', 1],
  ] as const)('ends by %s when it was passed on %i times', async (kind, times) => {
    fixture = await ProxyFixture.start({ kind });
    await expect(fixture.ask('/api/v1/pods', { method: 'POST' }, 'x')).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect([fixture.asked.length, fixture.proxy.counts, fixture.ended]).toEqual([
      times,
      { [kind]: 1 },
      [`${kind} /api/v1/pods`],
    ]);
  });

  it('is reset while the API server is at it', async () => {
    fixture = await ProxyFixture.start({ kind: 'reset-after' });
    fixture.answer = () => undefined;
    await expect(fixture.ask('/api/v1/pods', { method: 'POST' }, 'x')).rejects.toMatchObject({ code: 'ECONNRESET' });
    await expectSoon('the request to arrive', () => fixture.asked.length === 1);
  });

  it('arrives late, though the client has given up', async () => {
    fixture = await ProxyFixture.start({ kind: 'stall-request', forMs: 300 });
    const signal = AbortSignal.timeout(50);
    await expect(fixture.ask('/api/v1/pods', { method: 'POST', signal }, 'x')).rejects.toThrow(/abort/);
    expect(fixture.asked).toEqual([]);
    await expectSoon('the request to arrive', () => fixture.asked[0] === 'POST /api/v1/pods x');
  });
});

describe('an answer with a fault', () => {
  it('stalls before its head and comes afterwards', async () => {
    fixture = await ProxyFixture.start({ kind: 'stall', forMs: 200 });
    const askedAtMs = performance.now();
    const given = await fixture.ask('/version');
    expect(performance.now() - askedAtMs).toBeGreaterThan(190);
    await given.end;
    expect([given.text(), fixture.proxy.counts, fixture.ended]).toEqual(['got ', { stall: 1 }, ['stall /version']]);
  });

  it('never comes where the connection is half open, and neither does an end', async () => {
    fixture = await ProxyFixture.start({ kind: 'half-open', forMs: Infinity });
    await expect(fixture.ask('/version', { signal: AbortSignal.timeout(2_000) })).rejects.toThrow(/abort/);
    expect([fixture.asked, fixture.proxy.counts]).toEqual([['GET /version'], { 'half-open': 1 }]);
  });

  it('comes slowly', async () => {
    fixture = await ProxyFixture.start({ kind: 'slow-body', bytesPerSecond: 2_000, forMs: Infinity });
    fixture.answer = (_, response) => void response.end('x'.repeat(600));
    const askedAtMs = performance.now();
    const given = await fixture.ask('/version');
    expect([await given.end, given.text().length]).toEqual([undefined, 600]);
    expect(performance.now() - askedAtMs).toBeGreaterThan(250);
  });

  it.each([
    [{ afterBytes: 2 }, 'a\uFFFD'],
    [{ afterBytes: 3 }, 'aé'],
    [{ afterBytes: 3, insideCharacter: true }, 'aéb\uFFFD'],
  ])('breaks off: %o', async (where, text) => {
    fixture = await ProxyFixture.start({ kind: 'cut-body', ...where });
    fixture.answer = (_, response) => void response.end('aébüc');
    const given = await fixture.ask('/version');
    expect(await given.end).toBe('ECONNRESET');
    // What is not a whole character is read as U+FFFD.
    expect(given.text()).toBe(text);
    expect(fixture.proxy.counts).toEqual({ 'cut-body': 1 });
  });
});
