import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { findCanaries } from './find-canaries.js';

const canary = `c4n&"ry ${randomBytes(15).toString('base64')}`;
const canaries = { password: canary, other: randomBytes(20).toString('hex') };

const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('a secret', () => {
  it.each([
    ['as it is', `{"level":30} x${canary}y`],
    ['in JSON', JSON.stringify({ password: canary })],
    ['in base64', base64(canary)],
    ['in base64 behind one byte', base64(`u${canary}`)],
    ['in base64 behind two bytes', base64(`u:${canary}\n`)],
    ['in base64 of URLs', Buffer.from(`user:${canary}`).toString('base64url')],
    ['in a URL', `/search?q=${encodeURIComponent(canary)}`],
    ['in a form', new URLSearchParams({ q: canary }).toString()],
    ['in hexadecimal', `\\x${Buffer.from(canary).toString('hex')}`],
    ['twice packed', JSON.stringify({ auth: base64(`user:${canary}`) })],
  ])('is found %s', async (_, text) => {
    const found = [{ rule: 'I6', subject: 'password', what: 'stands in an answer' }];
    expect(await findCanaries(canaries, { texts: new Map([['an answer', text]]) })).toEqual(found);
  });

  it.each([
    ['nothing', ''],
    ['a part of it', canary.slice(0, -6)],
    ['something else', base64(randomBytes(60).toString('base64'))],
  ])('is not found in %s', async (_, text) => {
    expect(await findCanaries(canaries, { texts: new Map([['an answer', text]]) })).toEqual([]);
  });
});

describe('a file', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'canaries-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it.each([0, 1024 * 1024 - 20, 1024 * 1024 + 1])('is searched across what is read at once: at byte %i', async (at) => {
    const path = join(directory, 'log');
    writeFileSync(path, `${'x'.repeat(at)}${canary}${'x'.repeat(2_000_000 - at)}`);
    expect(await findCanaries(canaries, { files: [path] })).toMatchObject([{ what: `stands in ${path}` }]);
  });
});
