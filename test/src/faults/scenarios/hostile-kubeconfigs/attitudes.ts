import type { ServerResponse } from 'node:http';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';

import { repeatedly } from './repeatedly.js';
import { HOSTILE_ADDRESS } from './name-server.js';

export interface Attitude {
  /** @param path of the request, as it would be at a real API server */
  readonly behave: (response: ServerResponse, path: string) => void;
  /** Default: CLUSTER_UNREACHABLE. */
  readonly codes?: readonly string[];
  /** It is silent until the api's own limit ends the request. */
  readonly isSlow?: boolean;
}

const MIB = 1024 * 1024;
const LACKS = ['CLUSTER_LACKS_PERMISSION'];

/** What is no permission is none, however it is written: both answers say so. */
const UNPROVED = [...LACKS, 'CLUSTER_UNREACHABLE'];

/** What a real one answers to the proof of credentials. */
function answerKindly(
  response: ServerResponse,
  path: string,
  answers: { readonly review?: unknown; readonly namespace?: unknown; readonly version?: unknown } = {},
): void {
  const { review = { status: { allowed: true } }, namespace = { metadata: { uid: 'uid-1' } } } = answers;
  const { version = { gitVersion: 'v1.35.4' } } = answers;
  if (path.includes('/selfsubjectaccessreviews')) sendJson(response, 201, review);
  else sendJson(response, 200, path.startsWith('/version') ? version : namespace);
}

/** By name; each is served below a path of its name. */
export const ATTITUDES: Readonly<Record<string, Attitude>> = {
  kind: { behave: answerKindly, codes: [] },
  ...redirects(),
  ...statuses(),
  ...bodies(),
  ...compressed(),
  ...flows(),
  ...lies(),
};

function redirects(): Record<string, Attitude> {
  const targets = {
    metadata: 'http://169.254.169.254/latest/meta-data/',
    loopback: 'https://127.0.0.1:1/',
    file: 'file:///etc/passwd',
    itself: `https://${HOSTILE_ADDRESS}/kind`,
    nowhere: '',
  };
  const all = [301, 302, 303, 307, 308].flatMap((status) =>
    Object.entries(targets).map(([name, location]): [string, Attitude] => [
      `redirects-${status}-${name}`,
      { behave: (response) => void response.writeHead(status, { location }).end() },
    ]),
  );
  return Object.fromEntries(all);
}

function statuses(): Record<string, Attitude> {
  const codes: Record<number, readonly string[]> = {
    401: ['CLUSTER_REFUSED'],
    403: LACKS,
    204: UNPROVED,
    205: UNPROVED,
  };
  const all = [
    204, 205, 206, 304, 400, 401, 402, 403, 404, 407, 409, 410, 413, 418, 421, 422, 429, 500, 501, 503, 599, 999,
  ];
  return Object.fromEntries(
    all.map((status): [string, Attitude] => [
      `answers-${status}`,
      {
        behave: (response) =>
          void response.writeHead(status, { 'retry-after': '1e9', 'www-authenticate': 'Basic' }).end(),
        codes: codes[status] ?? ['CLUSTER_UNREACHABLE'],
      },
    ]),
  );
}

function bodies(): Record<string, Attitude> {
  const texts: Record<string, string | Buffer> = {
    empty: '',
    blank: ' '.repeat(200_000),
    html: '<html><script>alert(1)</script></html>',
    truncated: '{"status": {"allowed": true}',
    twice: '{"status": {"allowed": true}}{"status": {"allowed": true}}',
    'not-utf8': Buffer.from([0x7b, 0xff, 0xfe, 0x00, 0x80, 0x7d]),
    nul: '{"status": {"allowed": true}}\u0000',
    'byte-order-mark-16': Buffer.from('\ufeff{"status": {"allowed": true}}', 'utf16le'),
    number: '1e999',
    null: 'null',
    list: '[]',
    text: '"allowed"',
    deep: `${'['.repeat(100_000)}${']'.repeat(100_000)}`,
    'deep-object': `${'{"status":'.repeat(20_000)}1${'}'.repeat(20_000)}`,
    wide: `{${Array.from({ length: 20_000 }, (_, i) => `"k${i}":1`).join(',')}}`,
    prototype: '{"__proto__": {"status": {"allowed": true}}, "status": {"__proto__": {"allowed": true}}}',
    'to-json': '{"status": {"toString": 1, "valueOf": 2, "then": 3}, "then": "x", "constructor": null}',
    'longer-than-its-rule': `{"a": "${'x'.repeat(300_000)}"}`,
    '8-mib': 'x'.repeat(8 * MIB),
  };
  return Object.fromEntries(
    Object.entries(texts).map(([name, text]): [string, Attitude] => [
      `says-${name}`,
      {
        behave: (response) => void response.writeHead(200, { 'content-type': 'application/json' }).end(text),
        codes: UNPROVED,
      },
    ]),
  );
}

/** Small on the wire, and zeros without end for whoever unpacks them. */
function compressed(): Record<string, Attitude> {
  const zeros = Buffer.alloc(16 * MIB);
  const packed = { gzip: gzipSync(zeros), deflate: deflateSync(zeros), br: brotliCompressSync(zeros.subarray(0, MIB)) };
  const encodings: Record<string, Buffer> = { ...packed, 'gzip, gzip': gzipSync(packed.gzip), zstd: packed.gzip };
  return Object.fromEntries(
    Object.entries(encodings).map(([encoding, body], i): [string, Attitude] => [
      `bomb-${i}`,
      {
        behave: (response) =>
          void response.writeHead(200, { 'content-encoding': encoding, 'content-type': 'application/json' }).end(body),
      },
    ]),
  );
}

/** Answers that break HTTP, or never come to an end. */
function flows(): Record<string, Attitude> {
  const raw = (text: string): Attitude => ({ behave: ({ socket }) => void socket?.end(text, 'latin1') });
  const ok = 'HTTP/1.1 200 OK\r\n';
  const endless = (start: string, piece: string): Attitude => ({
    behave: ({ socket }) => socket && repeatedly(socket, start, piece.repeat(1_000)),
  });
  return {
    'endless-body': endless(`${ok}Transfer-Encoding: chunked\r\n\r\n`, '4\r\n    \r\n'),
    'endless-json': endless(`${ok}\r\n{"status": {"allowed": true, "reason": "`, 'x'),
    'endless-headers': endless(ok, 'X-More: more\r\n'),
    'endless-header': endless(`${ok}X-Long: `, 'x'),
    'endless-continue': endless('', 'HTTP/1.1 100 Continue\r\n\r\n'),
    'endless-hints': endless('', 'HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n'),
    'endless-trailers': endless(`${ok}Transfer-Encoding: chunked\r\n\r\n0\r\n`, 'X-More: more\r\n'),
    'endless-extensions': endless(`${ok}Transfer-Encoding: chunked\r\n\r\n1;`, 'x'),
    'giant-header': raw(`${ok}X-Long: ${'x'.repeat(MIB)}\r\nContent-Length: 2\r\n\r\n{}`),
    'many-headers': raw(`${ok}${'X-More: more\r\n'.repeat(20_000)}Content-Length: 2\r\n\r\n{}`),
    'bad-chunk': raw(`${ok}Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n{}`),
    'two-lengths': raw(`${ok}Content-Length: 2\r\nContent-Length: 20\r\n\r\n{}`),
    'length-and-chunks': raw(`${ok}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}`),
    'negative-length': raw(`${ok}Content-Length: -1\r\n\r\n{}`),
    'too-short': raw(`${ok}Content-Length: 100\r\n\r\n{}`),
    'no-status': raw('{}'),
    'other-protocol': raw('SSH-2.0-OpenSSH_9.9\r\n'),
    'http2-preface': raw('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
    'switches-protocols': raw('HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n'),
    'hangs-up': { behave: ({ socket }) => void socket?.destroy() },
    silent: { behave: () => undefined, isSlow: true },
    'slow-body': { behave: (response) => drip(response, () => response.write(' ')), isSlow: true },
    'slow-head': { behave: (response) => drip(response, () => response.socket?.write('H')), isSlow: true },
  };
}

/** An answer of the right form with wrong content. */
function lies(): Record<string, Attitude> {
  type Answers = Parameters<typeof answerKindly>[2];
  const says = (answers: Answers | (() => Answers), codes?: readonly string[]): Attitude => ({
    behave: (response, path) => answerKindly(response, path, typeof answers === 'function' ? answers() : answers),
    ...(codes && { codes }),
  });
  const uid = (value: unknown): Attitude => says({ namespace: { metadata: { uid: value } } });
  const version = (gitVersion: unknown): Attitude => says({ version: { gitVersion } });
  return {
    'allows-in-words': says({ review: { status: { allowed: 'true' } } }, LACKS),
    'allows-by-number': says({ review: { status: { allowed: 1 } } }, LACKS),
    'allows-elsewhere': says({ review: { allowed: true, spec: { allowed: true } } }, LACKS),
    denies: says({ review: { status: { allowed: false, reason: 'x'.repeat(100_000) } } }, LACKS),
    'no-namespace': says({ namespace: {} }),
    'uid-of-a-number': uid(1),
    'uid-without-end': uid('a'.repeat(100_000)),
    'uid-empty': uid(''),
    'uid-with-nul': uid('a\u0000b'),
    'uid-with-sql': uid("a'; drop table clusters; --"),
    'uid-with-a-line': uid('a\n'),
    'uid-with-escapes': uid('\u001b]0;title\u0007'),
    'version-without-end': version('v1'.repeat(10_000)),
    'version-of-a-list': version(['v1']),
    'version-with-nul': version('v1\u0000'),
    'version-with-escapes': version('\u001b[2Jv1'),
    'version-with-lines': version('v1\r\nX-Injected: 1'),
    'two-clusters': says(() => ({ namespace: { metadata: { uid: crypto.randomUUID() } } }), ['CLUSTER_MISMATCH']),
    'status-of-a-novel': {
      behave: (response) =>
        sendJson(response, 422, { kind: 'Status', reason: 'R'.repeat(9_000), message: '\u001b[31m\n'.repeat(9_000) }),
    },
  };
}

function drip(response: ServerResponse, write: () => void): void {
  const timer = setInterval(write, 500);
  response.once('close', () => clearInterval(timer));
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
