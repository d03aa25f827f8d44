import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { waitFor } from '../../wait-for.js';
import type { AnswerFault } from './http-fault.js';
import { ProxyFixture } from './testing/proxy-fixture.js';

let fixture: ProxyFixture;
afterEach(() => fixture.stop());

function event(resourceVersion: number): string {
  const object = { kind: 'Pod', apiVersion: 'v1', metadata: { resourceVersion: String(resourceVersion) } };
  return `${JSON.stringify({ type: 'MODIFIED', object })}\n`;
}

const expectSoon = (what: string, condition: () => boolean) => waitFor(condition, { timeoutMs: 3_000, what });

/** A watch that has given one event, and then was struck. */
async function struckBy(fault: AnswerFault) {
  fixture = await ProxyFixture.start();
  const watching = await fixture.watch();
  watching.say(event(8));
  await expectSoon('an event', () => watching.text() === event(8));
  expect(fixture.proxy.strike(fault, ({ isWatch }) => isWatch)).toBe(1);
  return watching;
}

describe('a running watch', () => {
  it('gives events one by one as they come', async () => {
    fixture = await ProxyFixture.start();
    const watching = await fixture.watch();
    for (const version of [8, 9]) {
      watching.say(event(version));
      await expectSoon(`event ${version}`, () => watching.text().endsWith(event(version)));
    }
  });

  it('is reset at once', async () => {
    const watching = await struckBy({ kind: 'cut-body', afterBytes: 0 });
    expect(await watching.end).toBe('ECONNRESET');
    expect([fixture.proxy.counts, fixture.ended]).toEqual([{ 'cut-body': 1 }, ['cut-body /api/v1/pods']]);
  });

  it('ends in good order before its time', async () => {
    const watching = await struckBy({ kind: 'early-close', afterMs: 50 });
    expect(await watching.end).toBeUndefined();
    expect(watching.text()).toBe(event(8));
  });

  it('is told that it is too old', async () => {
    const watching = await struckBy({ kind: 'expired-event' });
    expect(await watching.end).toBeUndefined();
    expect(JSON.parse(watching.text().split('\n')[1] ?? '')).toMatchObject({ type: 'ERROR', object: { code: 410 } });
  });

  it('has a line damaged, and only one', async () => {
    const watching = await struckBy({ kind: 'damaged-line' });
    watching.say(event(9));
    watching.say(event(10));
    await expectSoon('the last event', () => watching.text().endsWith(event(10)));
    const [, damaged = '{}'] = watching.text().split('\n');
    expect(event(9).startsWith(damaged)).toBe(true);
    expect(() => JSON.parse(damaged) as unknown).toThrow(SyntaxError);
    expect(watching.text().split('\n')).toHaveLength(4);
  });

  it('has a line twice', async () => {
    const watching = await struckBy({ kind: 'duplicated-line' });
    watching.say(event(9));
    await expectSoon('both', () => watching.text() === [event(8), event(9), event(9)].join(''));
  });

  it('has two lines in the wrong order', async () => {
    const watching = await struckBy({ kind: 'reordered-lines' });
    watching.say(event(9));
    await sleep(50);
    expect([watching.text(), fixture.proxy.counts]).toEqual([event(8), {}]);
    watching.say(event(10));
    await expectSoon('both', () => watching.text() === [event(8), event(10), event(9)].join(''));
    expect(fixture.proxy.counts).toEqual({ 'reordered-lines': 1 });
  });

  it('says that nothing happens, until what happened meanwhile comes', async () => {
    const watching = await struckBy({ kind: 'only-bookmarks', forMs: 700 });
    watching.say(event(9));
    await expectSoon('bookmarks', () => watching.text().split('\n').length > 3);
    const lines = watching.text().split('\n').slice(1, -1);
    const versions = lines.map((line) => JSON.parse(line) as { type: string; object: { metadata: unknown } });
    expect(versions.every(({ type }) => type === 'BOOKMARK')).toBe(true);
    expect(versions[0]?.object.metadata).toMatchObject({ resourceVersion: '8' });
    await expectSoon('the event', () => watching.text().endsWith(event(9)));
  });

  it('is silent where the connection is half open', async () => {
    const watching = await struckBy({ kind: 'half-open', forMs: Infinity });
    watching.say(event(9));
    const silence = await Promise.race([watching.end, sleep(200).then(() => 'silence')]);
    expect([silence, watching.text()]).toEqual(['silence', event(8)]);
  });

  it('is reset when a half-open connection is found out', async () => {
    const watching = await struckBy({ kind: 'half-open', forMs: 100 });
    expect(fixture.ended).toEqual([]);
    expect(await watching.end).toBe('ECONNRESET');
    expect(fixture.ended).toEqual(['half-open /api/v1/pods']);
  });

  it('is slow for a while', async () => {
    const watching = await struckBy({ kind: 'slow-body', bytesPerSecond: 100, forMs: 300 });
    watching.say(event(9).repeat(20));
    await sleep(200);
    expect(watching.text().length).toBeLessThan(200);
    await expectSoon('all events', () => watching.text().length === 21 * event(9).length);
  });

  it('is not struck where it does not match, and a log not by what befalls watches', async () => {
    fixture = await ProxyFixture.start();
    await fixture.watch();
    fixture.answer = (_, response) => response.write('x');
    await fixture.ask('/api/v1/namespaces/n/pods/a/log?follow=true');
    expect(fixture.proxy.strike({ kind: 'expired-event' }, ({ isLog }) => isLog)).toBe(0);
    expect(fixture.proxy.strike({ kind: 'cut-body', afterBytes: 0 }, ({ path }) => path === '/other')).toBe(0);
    expect(fixture.proxy.counts).toEqual({});
  });
});
