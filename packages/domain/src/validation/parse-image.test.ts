import { describe, expect, it, test } from 'vitest';
import { issuesOf, messagesOf } from './testing/issues-of.js';
import { imageReference, imageTagField, imageUrlField, registryHost } from './parse-image.js';
import { parseInput } from './parse-input.js';

const HUB = 'https://index.docker.io/v1/';
const HEX = '0123456789abcdef'.repeat(4);
const urlIssues = (url: string): string[] => messagesOf(() => parseInput(imageUrlField, url));

const rightUrls: [url: string, registry: string][] = [
  ['a', HUB],
  ['busybox', HUB],
  ['library/ubuntu', HUB],
  ['docker.io/library/ubuntu', HUB],
  ['index.docker.io/library/ubuntu', HUB],
  ['a/b/c/d', HUB],
  ['snake_case/two__underscores', HUB],
  ['foo_bar.com', HUB],
  ['under__score/image', HUB],
  ['aa-a/a', HUB],
  ['0/1', HUB],
  ['nvcr.io/nvidia/base/ubuntu', 'nvcr.io'],
  ['quay.io/org/project--id.module--name.ver---sion--name', 'quay.io'],
  ['gcr.io/test.example.com/my-app', 'gcr.io'],
  ['xn--n3h.com/image', 'xn--n3h.com'],
  ['sub-dom1.Example.com/a/b', 'sub-dom1.Example.com'],
  ['Registry/image', 'Registry'],
  ['localhost/image', 'localhost'],
  ['localhost:5000/image', 'localhost:5000'],
  ['registry:5000/image', 'registry:5000'],
  ['127.0.0.1:5000/image', '127.0.0.1:5000'],
  ['192.168.1.1/image', '192.168.1.1'],
  ['[fd00:1:2::3]/image', '[fd00:1:2::3]'],
  ['[2001:db8:85a3:0:0:8a2e:370:7334]:443/image', '[2001:db8:85a3:0:0:8a2e:370:7334]:443'],
];

const wrongUrls = [
  '',
  ' busybox',
  'busybox\n',
  'Ubuntu',
  'Library/Ubuntu',
  'nvcr.io/NVIDIA/base',
  'nvcr.io/',
  '/image',
  'a//b',
  'a/b/',
  'a^b',
  'a/$HOME',
  'a b',
  '-a/b',
  'a/-b',
  'a/b-',
  'a-/b',
  '_a/b',
  'a/_b',
  'a_/b',
  'a/b___c',
  'a..b/c',
  '.a/b',
  'a./b',
  'example.com/..',
  'example.com/.dots/image',
  'example.com:/image',
  'example.com:http/image',
  'snake_host.com:5000/image',
  'fd00:1:2::3:5000/image',
  '[fd00:1:2::3%eth0]:5000/image',
  '[fd00:1:2::3]5000/image',
  '[fd00:1:2::3]::5000/image',
  'bücher.example/image',
];

describe('an image URL', () => {
  test.each(rightUrls)('%s is right, its registry %s', (url, registry) => {
    expect(urlIssues(url)).toEqual([]);
    expect(registryHost(url)).toBe(registry);
  });

  test.each(wrongUrls)('%j is refused', (url) => {
    expect(urlIssues(url)).toHaveLength(1);
  });

  test.each([
    ['https://nvcr.io/a', 'a scheme'],
    ['docker://a', 'a scheme'],
    ['busybox:1.36', 'a tag'],
    ['nvcr.io:443/a:latest', 'a tag'],
    ['localhost:5000', 'a tag'],
    [`busybox@sha256:${HEX}`, 'a digest'],
    [`busybox:1@sha256:${HEX}`, 'a digest'],
  ])('%s is refused for %s', (url, what) => {
    expect(urlIssues(url)).toEqual([expect.stringContaining(`must be without ${what}`)]);
  });

  it('has at most 255 characters', () => {
    expect(urlIssues(`nvcr.io/${'a'.repeat(247)}`)).toEqual([]);
    expect(urlIssues(`nvcr.io/${'a'.repeat(248)}`)).toEqual([expect.stringContaining('at most 255')]);
    expect(urlIssues('a-'.repeat(500_000))).toHaveLength(1);
  });
});

describe('an image tag', () => {
  test.each(['latest', '1', '_x', 'A.b-C_d', '24.04-py3', 'a'.repeat(128), `sha256:${HEX}`])('%s is right', (tag) => {
    expect(issuesOf(() => parseInput(imageTagField, tag))).toEqual([]);
  });

  test.each([
    '',
    '.a',
    '-a',
    'a b',
    'a\n',
    'a/b',
    'a:b',
    'ä',
    'a'.repeat(129),
    'sha256:',
    `sha256:${HEX.slice(1)}`,
    `sha256:${HEX}0`,
    `sha256:${HEX.toUpperCase()}`,
    `sha512:${HEX}${HEX}`,
    `@sha256:${HEX}`,
  ])('%j is refused', (tag) => {
    expect(issuesOf(() => parseInput(imageTagField, tag))).toHaveLength(1);
  });
});

describe('imageReference', () => {
  it('joins a tag with a colon and a digest with an at sign', () => {
    expect(imageReference('nvcr.io/a/b', '1.0')).toBe('nvcr.io/a/b:1.0');
    expect(imageReference('busybox', `sha256:${HEX}`)).toBe(`busybox@sha256:${HEX}`);
  });
});
