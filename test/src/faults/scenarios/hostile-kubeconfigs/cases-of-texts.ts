import { kubeconfig, REFUSED, type Baits, type HostileCase } from './hostile-case.js';

/** The product takes at most 256 KiB. */
const LONGEST = 256 * 1024 - 16;

/** Texts that make parsers of YAML build, call, repeat, nest or wait. */
export function casesOfTexts(baits: Baits): HostileCase[] {
  const good = kubeconfig(baits);
  const added = (text: string) => `${good.trimEnd().slice(0, -1)}, "extensions": ${text}\n}`;
  const texts: [name: string, text: string][] = [
    ...bombs(),
    ...tags(baits.directory).map(([name, tag]): [string, string] => [name, added(tag)]),
    ['two documents', `---\n${good}\n---\n${good}`],
    ['two documents, the second hostile', `---\n${good}\n---\nexec: {command: ${baits.directory}/program}`],
    ['a document that ends and goes on', `${good}\n...\n${good}`],
    ['a key twice', added('1').replace('"kind"', '"kind": "Config", "kind"')],
    ['a key twice, once quoted otherwise', 'kind: Config\n\'kind\': Config\n"kind": Config\n'],
    ['a server twice', good.replace('"server"', `"server": "https://127.0.0.1:${baits.internalPort}", "server"`)],
    ['a merge key', 'base: &b {exec: {command: /bin/true}}\nusers: [{name: me, user: {<<: *b}}]\n'],
    ['merge keys without aliases', added('{"<<": {"a": 1}}').replace('"extensions"', '"<<"')],
    ['an alias', added('[&a {b: c}, *a]')],
    ['an alias of itself', added('&a [*a]')],
    ['an alias as a key', added('{? &a b : c, ? *a : d}')],
    ['a comment of 256 KiB', `${good}\n#${'x'.repeat(LONGEST + 64)}`],
    ['1 MB', `${good}\n${' '.repeat(700_000)}`],
    ['a NUL', good.replace('bait-token', 'bait\\u0000token')],
    ['a NUL in the text', `${good}\u0000`],
    ['half of a surrogate pair', good.replace('bait-token', 'bait\ud800token')],
    ['control characters', good.replace('bait-token', 'bait\u0007\u001btoken')],
    ['a line separator in the token', good.replace('bait-token', 'bait\\u2028token')],
    ['a byte order mark in the middle', good.replace('bait-token', 'bait\ufefftoken')],
    ['a token of two lines', good.replace('bait-token', 'bait\\r\\nX-Injected: 1')],
    ['UTF-16 that was read as UTF-8', `\ufffd\ufffd${good.split('').join('\u0000')}`],
    ['UTF-7', `+ADw-${good}`],
    ['tabs for indentation', 'users:\n\t- name: me\n'],
    ['a directive', `%YAML 9.9\n---\n${good}`],
    ['nothing', ''],
    ['blanks', ' \n\t\n '],
    ['a number', '1'],
    ['a text', 'token'],
    ['XML', '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'],
    ['INI', '[default]\ntoken = a\n'],
    ['PEM', baits.server.certificate],
    ['a template', good.replace('bait-token', '{{ env.PATH }}$(id)`id`')],
    [
      'an authority of blanks',
      kubeconfig(baits, { cluster: { 'certificate-authority-data': `${' '.repeat(200_000)}!` } }),
    ],
    ['an authority of padding', kubeconfig(baits, { cluster: { 'certificate-authority-data': '='.repeat(200_000) } })],
    ['an authority of begins', authority(baits, '-----BEGIN CERTIFICATE-----'.repeat(2_400))],
    ['an authority of empty certificates', authority(baits, `${begin}\n${end}\n`.repeat(1_200))],
    ['a token of 200 KiB', kubeconfig(baits, { user: { token: 'a'.repeat(200_000) } })],
    ['a server name of 200 KiB', kubeconfig(baits, { cluster: { 'tls-server-name': `${'a'.repeat(200_000)}!` } })],
    ['a server of slashes', kubeconfig(baits, { cluster: { server: `https://a${'/'.repeat(200_000)}b` } })],
  ];
  return texts.map(([name, text]) => ({ name, credentials: { kubeconfig: text }, codes: REFUSED }));
}

const begin = '-----BEGIN CERTIFICATE-----';
const end = '-----END CERTIFICATE-----';

function authority(baits: Baits, pem: string): string {
  return kubeconfig(baits, { cluster: { 'certificate-authority-data': Buffer.from(pem).toString('base64') } });
}

/** As long as may be: each is read in a moment, or it stops everything else that long. */
function bombs(): [name: string, text: string][] {
  const flow = ['[', '{', '{a: [', '[a,', '{a,', '- ', '? ', ': ', '<<: ', '"', "'"];
  const marks = ['&a ', '*a ', '!a ', '!!js/function ', '%a\n', '#\n', '---\n', '...\n', '\\', '@', '`'];
  const blocks = ['\n', '\t', '\r', 'a\n', '|\n', 'a: >\n  b\n\n', 'a: |9\n'];
  const keys = Array.from({ length: 30_000 }, (_, i) => `k${i}:`).join('\n');
  const doubling = Array.from({ length: 30 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]`);
  const staircase = Array.from({ length: 700 }, (_, i) => `${' '.repeat(i)}a:`);
  return [
    ...[...flow, ...marks, ...blocks].map((piece): [string, string] => [
      `${JSON.stringify(piece)} over and over`,
      piece.repeat(LONGEST / piece.length),
    ]),
    ['30,000 keys', keys],
    ['a billion laughs', ['a0: &a0 lol', ...doubling].join('\n')],
    ['a staircase', staircase.join('\n')],
    ['a list of 120,000', `[${'a,'.repeat(120_000)}]`],
    ['a text of escapes', `"${'\\x41'.repeat(60_000)}"`],
    ['deep and closed', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
    ['deep below users', `users: ${'[{user: '.repeat(9_000)}`],
  ];
}

function tags(directory: string): [name: string, value: string][] {
  const program = `${directory}/program`;
  return [
    ['a function', `!!js/function "function () { require('child_process').execFileSync('${program}') }"`],
    ['an expression', '!!js/regexp /(a+)+$/'],
    ['undefined', "!!js/undefined ''"],
    ['a Python object', `!!python/object/apply:os.system ["${program}"]`],
    ['a Python name', "!!python/name:os.system ''"],
    ['a Java object', '!!javax.script.ScriptEngineManager [!!java.net.URL ["http://127.0.0.1"]]'],
    ['a Ruby object', '!ruby/object:Gem::Installer {i: x}'],
    ['an include', `!include ${directory}/token`],
    ['a variable', '!ENV ${PATH}'],
    ['binary', '!!binary AAAA'],
    ['a set', '!!set {a, b}'],
    ['a tag of a map', '!!map {a: b}'],
  ];
}
