import { kubeconfig, REFUSED, UNREACHABLE, type Baits, type HostileCase } from './hostile-case.js';
import { NAMES, REBOUND } from './name-server.js';

/** Of this machine, of its networks, and of the platforms that virtual machines run on. */
const INTERNAL = [
  '127.0.0.1 127.1.2.3 0.0.0.0 10.0.0.1 172.16.0.1 172.31.255.254 192.168.0.1 100.64.0.1',
  '169.254.169.254 169.254.170.2 100.100.100.200 192.0.0.192 168.63.129.16 224.0.0.1',
].flatMap((line) => line.split(' '));
const OTHER_HOSTS = ['[fe80::1%25eth0]', '[::1%25lo]', 'localhost', 'LOCALHOST', 'me@127.0.0.1', '127.0.0.1#east'];
const INTERNAL_V6 = ['::1', '::', '0:0:0:0:0:0:0:1', 'fe80::1', 'fd00:ec2::254', 'fc00::1', 'fec0::1', 'ff02::1'];

/** Internal addresses in each way that some reader of URLs takes for them, and names that lead there. */
export function casesOfAddresses(baits: Baits): HostileCase[] {
  const hosts = [...INTERNAL.flatMap(spellings), ...INTERNAL_V6.map((address) => `[${address}]`), ...OTHER_HOSTS];
  return [
    ...hosts.map((host) => caseOfServer(baits, `https://${host}`, `https://${host}:${baits.internalPort}`)),
    ...casesOfUrls(baits),
    ...(baits.hasNames ? casesOfNames(baits) : []),
  ];
}

function spellings(address: string): string[] {
  const parts = address.split('.').map(Number);
  const [a = 0, b = 0, c = 0, d = 0] = parts;
  const whole = ((a * 256 + b) * 256 + c) * 256 + d;
  const hex = (part: number, width = 2) => part.toString(16).padStart(width, '0');
  const groups = `${hex(a * 256 + b, 4)}:${hex(c * 256 + d, 4)}`;
  return [
    address,
    `${address}.`,
    String(whole),
    `0x${hex(whole, 8)}`,
    `0${whole.toString(8)}`,
    parts.map((part) => `0${part.toString(8)}`).join('.'),
    parts.map((part) => `0X${hex(part).toUpperCase()}`).join('.'),
    `${a}.${b}.${c * 256 + d}`,
    `${a}.${(b * 256 + c) * 256 + d}`,
    // Full-width digits and ideographic full stops, which URLs map to ASCII.
    address.replace(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit))).replaceAll('.', '。'),
    address.replace(/\d/g, (digit) => `%3${digit}`),
    `[::ffff:${address}]`,
    `[::ffff:${groups}]`,
    `[::${groups}]`,
    `[64:ff9b::${groups}]`,
    `[2002:${groups}::]`,
  ];
}

function casesOfUrls(baits: Baits): HostileCase[] {
  const { port } = baits.server;
  const internal = `127.0.0.1:${baits.internalPort}`;
  const schemes = ['http', 'ftp', 'ws', 'wss', 'gopher', 'ldap', 'unix', 'javascript'];
  const servers = [
    schemes.map((scheme) => `${scheme}://${internal}`),
    [`file:///etc/passwd`, `//${internal}`, internal, 'https://', 'https:///', 'https://%00', 'https://a b'],
    [`https://me:secret@${internal}`, `https://${internal}?a=b`, `https://${internal}/#a`, `https://[${internal}]`],
    [`https://127.0.0.77:${port}\r\nHost: ${internal}`, `https://127.0.0.77:65536`],
    [`https://${'a'.repeat(3_000)}`, `https://${'a.'.repeat(900)}b:99999`],
  ].flat();
  return servers.map((server) => caseOfServer(baits, `server ${JSON.stringify(server.slice(0, 60))}`, server));
}

/**
 * What the name server answers decides; a name of nobody's is merely not there. One that is bound anew is asked for by
 * one case only, where a server answers at its first address.
 */
function casesOfNames(baits: Baits): HostileCase[] {
  const bound = Object.entries(NAMES).filter(([name]) => name !== REBOUND);
  const leading = bound.map(([name, { isUnknown }]) => ({
    ...caseOfServer(baits, `the name ${name}`, `https://${name}:${baits.internalPort}`),
    ...(isUnknown ? { codes: UNREACHABLE, isSlow: true } : {}),
  }));
  return [...leading, caseOfServer(baits, `the name ${REBOUND}`, `https://${REBOUND}:${baits.server.port}/kind`)];
}

function caseOfServer(baits: Baits, name: string, server: string): HostileCase {
  return { name, credentials: { kubeconfig: kubeconfig(baits, { cluster: { server } }) }, codes: REFUSED };
}
