import { describe, expect, it } from 'vitest';
import type { FileStart } from './file-start.js';
import { RotationWatch } from './rotation-watch.js';

const MIB = 1024 * 1024;
const stampAt = (second: number) => `${new Date(second * 1000).toISOString().slice(0, 19)}.000000001Z`;
const startAt = (second: number): FileStart => ({ first: stampAt(second), second: stampAt(second + 1) });

/** Reads the file that began at second 0, up to a line of second 9, when a rotation may have come. */
function watchAtEndOfFile() {
  let nowMs = 0;
  const watch = new RotationWatch(() => nowMs);
  watch.begin({ start: stampAt(0), bytes: 0 });
  watch.count(10 * MIB);
  /** What is the newest file so many seconds after the follow was opened. */
  const confirm = (second: number, newest: FileStart | undefined) => {
    nowMs = second * 1000;
    watch.confirm(newest, nowMs);
  };
  confirm(9, startAt(0));
  return { watch, confirm };
}

describe('a follow', () => {
  it('asks which file is the newest once as much has come as a file may be long', () => {
    const watch = new RotationWatch(() => 0);
    expect(watch.mustConfirm(10 * MIB)).toBe(true);
    watch.begin({ start: stampAt(0), bytes: 0 });
    expect(watch.mustConfirm(100_000)).toBe(false);
    for (let line = 0; line < 10_000; line += 1) watch.count(100);
    expect(watch.mustConfirm(100_000)).toBe(true);
  });

  it('goes on from the file before, where that began in an earlier follow', () => {
    const watch = new RotationWatch(() => 0);
    watch.begin({ start: stampAt(0), bytes: MIB });
    expect(watch.mustConfirm(1)).toBe(true);
    watch.confirm(startAt(0), 0);
    expect(watch.isRotated).toBe(false);
  });
});

describe('a follow whose file is rotated', () => {
  it('goes on in the next file, and begins to count anew', () => {
    const { watch, confirm } = watchAtEndOfFile();
    confirm(10, startAt(10));
    watch.beginLine(stampAt(9));
    expect(watch.isRotated).toBe(true);
    watch.beginLine(stampAt(10));
    expect(watch).toMatchObject({ isDoubtful: false, isRotated: false, file: { start: stampAt(10), bytes: 0 } });
    expect(watch.mustConfirm(1)).toBe(false);
  });

  it('goes on where the line that was being written was joined with the first of the next file', () => {
    const { watch, confirm } = watchAtEndOfFile();
    confirm(10, { first: stampAt(10), second: undefined });
    confirm(10.1, startAt(10));
    watch.beginLine(stampAt(11));
    expect(watch).toMatchObject({ isDoubtful: false, file: { start: stampAt(10) } });
  });

  it('goes on through several files, when it lags', () => {
    const { watch, confirm } = watchAtEndOfFile();
    confirm(10, startAt(10));
    confirm(20, startAt(10));
    confirm(21, startAt(21));
    for (const second of [9, 10, 11, 20, 21, 22]) watch.beginLine(stampAt(second));
    expect(watch).toMatchObject({ isDoubtful: false, isRotated: false });
  });

  it.each<[string, (parts: ReturnType<typeof watchAtEndOfFile>) => void]>([
    [
      'it goes on beyond the beginning of the next file',
      ({ watch, confirm }) => {
        confirm(10, startAt(10));
        watch.beginLine(stampAt(20));
      },
    ],
    [
      'there was time for a file between',
      ({ watch, confirm }) => {
        confirm(20, startAt(20));
        watch.beginLine(stampAt(20));
      },
    ],
    ['the newest file is empty, and there was time for one between', ({ confirm }) => confirm(20, undefined)],
  ])('may have left lines out where %s', (_, happens) => {
    const parts = watchAtEndOfFile();
    happens(parts);
    expect(parts.watch.isDoubtful).toBe(true);
  });

  it('has left nothing out while the next file is empty', () => {
    const { watch, confirm } = watchAtEndOfFile();
    confirm(10, undefined);
    watch.beginLine(stampAt(9));
    confirm(11, startAt(11));
    watch.beginLine(stampAt(11));
    expect(watch).toMatchObject({ isDoubtful: false, isRotated: false });
  });
});
