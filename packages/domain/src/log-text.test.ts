import { describe, expect, it, test } from 'vitest';
import { renderLogText } from './log-text.js';

describe('renderLogText', () => {
  test.each<[string, number[] | string, string]>([
    ['keeps text of any script', 'größe 日本 🚀', 'größe 日本 🚀'],
    ['keeps TAB and CR', 'a\tb\rc', 'a\tb\rc'],
    ['keeps the line separators of Unicode', 'a\u2028b\u2029c', 'a\u2028b\u2029c'],
    ['escapes NUL', [0x61, 0, 0x62], 'a\\x00b'],
    ['escapes what would colour a terminal', '\u001b[31mred', '\\x1b[31mred'],
    ['escapes DEL', [0x7f], '\\x7f'],
    ['escapes C1 controls', '\u009b', '\\x9b'],
    ['escapes a line feed', 'a\nb', 'a\\x0ab'],
    ['leaves a backslash alone', String.raw`\x1b`, String.raw`\x1b`],
    ['shows invalid UTF-8 as U+FFFD', [0x61, 0xff, 0x62], 'a\ufffdb'],
    ['shows a character cut off as U+FFFD', [0xe6, 0x97], '\ufffd'],
    ['keeps a byte order mark', '\ufeffa', '\ufeffa'],
    ['gives nothing for nothing', '', ''],
  ])('%s', (_, line, text) => {
    expect(renderLogText(typeof line === 'string' ? Buffer.from(line) : Uint8Array.from(line))).toBe(text);
  });

  it('gives no control character but TAB and CR for any byte', () => {
    const text = renderLogText(Uint8Array.from({ length: 256 }, (_, byte) => byte));
    expect(text.replaceAll(/[\t\r]/g, '')).toMatch(/^[\P{Cc}]*$/u);
  });
});
