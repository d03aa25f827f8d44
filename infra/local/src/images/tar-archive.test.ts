import { execFileSync } from 'node:child_process';

import { describe, expect, it } from 'vitest';

import { tarArchive, type TarEntry } from './tar-archive.js';

const entries: TarEntry[] = [
  { path: 'bin', mode: 0o755, content: 'directory' },
  { path: 'bin/tool', mode: 0o755, content: { file: Buffer.from('x'.repeat(513)) } },
  { path: 'bin/link', mode: 0o777, content: { linkTo: 'tool' } },
];

describe('tarArchive', () => {
  it('is what tar reads, with kinds, modes, sizes and links', () => {
    const listing = execFileSync('tar', ['--list', '--verbose', '--utc', '--numeric-owner'], {
      input: tarArchive(entries),
    });
    const lines = listing
      .toString()
      .trim()
      .split('\n')
      .map((line) => line.replaceAll(/\s+/g, ' '));
    expect(lines).toEqual([
      'drwxr-xr-x 0/0 0 1970-01-01 00:00 bin',
      '-rwxr-xr-x 0/0 513 1970-01-01 00:00 bin/tool',
      'lrwxrwxrwx 0/0 0 1970-01-01 00:00 bin/link -> tool',
    ]);
  });

  it('is the same for the same entries', () => {
    expect(tarArchive(entries).equals(tarArchive(entries))).toBe(true);
  });

  it('refuses a path that its header cannot hold', () => {
    expect(() => tarArchive([{ path: 'x'.repeat(101), mode: 0, content: 'directory' }])).toThrow(/too long/);
  });
});
