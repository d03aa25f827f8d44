import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { LogLine } from '@ccluster/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { startBeacons } from './beacons.js';
import { createHistory, digestOf, lineEntry, readHistory, type HistoryEntry } from './history.js';
import { formatTestLine } from './test-lines.js';

let directory: string;
let path: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'history-'));
  path = join(directory, 'history.jsonl');
});
afterEach(() => rmSync(directory, { recursive: true }));

async function allEntries(): Promise<HistoryEntry[]> {
  const entries: HistoryEntry[] = [];
  for await (const entry of readHistory(path)) entries.push(entry);
  return entries;
}

describe('a history', () => {
  it('gives back what was recorded, in order, with the time of each', async () => {
    const history = createHistory(path);
    const before = Date.now();
    history.record({ op: 'DELETED', jobId: 'job_\u2028' });
    history.record({ op: 'SAW_JOB', jobId: 'job_2', status: 'RUNNING', at: 5 });
    history.close();
    const [first, second] = await allEntries();
    expect(first).toMatchObject({ op: 'DELETED', jobId: 'job_\u2028' });
    expect(first?.at).toBeGreaterThanOrEqual(before);
    expect(second).toEqual({ op: 'SAW_JOB', jobId: 'job_2', status: 'RUNNING', at: 5 });
  });

  it('is read whole however long it is, without a line that is not whole', async () => {
    const history = createHistory(path);
    const jobId = `job_${'é'.repeat(500)}`;
    for (let i = 0; i < 5_000; i += 1) history.record({ op: 'DELETED', jobId, at: i });
    history.close();
    appendFileSync(path, '{"at":');
    const entries = await allEntries();
    expect(entries.map(({ at }) => at)).toEqual(Array.from({ length: 5_000 }, (_, i) => i));
    expect(entries.every((entry) => 'jobId' in entry && entry.jobId === jobId)).toBe(true);
  });

  it.each([
    ['a line of a test pod by its text', testLine(), { text: testLine().text }],
    ['any other line by its hash', { ...testLine(), text: 'loss 0.3' }, { hash: digestOf('loss 0.3') }],
    [
      'a gap by its code',
      { ...testLine(), text: '', gapBefore: { lines: null, code: 'LOG_ROTATED', message: '' } },
      { gap: 'LOG_ROTATED' },
    ],
  ])('keeps %s', (_, line, content) => {
    const { podId, index, attempt, number } = line;
    const seen = { op: 'LINE', subscriber: 's', jobId: 'job_1', podId, index, attempt, number };
    expect(lineEntry('s', 'job_1', line)).toEqual({ ...seen, ...content });
  });

  it('keeps what a pod says over HTTP', async () => {
    const history = createHistory(path);
    const beacons = await startBeacons([{ name: 'east', hostAddress: '127.0.0.1' }], history);
    const url = `http://127.0.0.1:${/127\.0\.0\.1 (\d+)/.exec(beacons.script('t1'))?.[1]}/`;
    expect((await fetch(`${url}?token=t1&index=2&completions=4&hostname=a-2`)).status).toBe(204);
    expect((await fetch(`${url}?token=t1`)).status).toBe(400);
    await beacons.close();
    history.close();
    const beacon = { jobToken: 't1', index: 2, completions: 4, hostname: 'a-2', cluster: 'east' };
    expect(beacons.beacons()).toEqual([beacon]);
    expect(await allEntries()).toMatchObject([{ op: 'BEACON', ...beacon }]);
  });
});

function testLine(): LogLine {
  const text = formatTestLine({ number: 1, count: 2, index: 0, completions: 1, hostname: 'a-0', run: '0123abcd' });
  return { podId: 'pod_1', index: 0, attempt: 1, number: 1, at: '', text, continued: false, gapBefore: null };
}
