import { ATTITUDES } from './attitudes.js';
import { kubeconfig, UNREACHABLE, type Baits, type HostileCase } from './hostile-case.js';
import { HOSTILE_ADDRESS } from './name-server.js';
import { RAW_ATTITUDES } from './raw-attitudes.js';

/** Credentials that are right, for servers that are not. */
export function casesOfServers(baits: Baits): HostileCase[] {
  const { url, rawPorts } = baits.server;
  const hostile = Object.entries(ATTITUDES).filter(([, { codes }]) => codes === undefined || codes.length > 0);
  return [
    ...hostile.map(([name, { codes = UNREACHABLE, isSlow = false }]) =>
      caseOfServer(baits, `a server: ${name}`, `${url}/${name}`, codes, isSlow),
    ),
    ...Object.entries(RAW_ATTITUDES).map(([name, { isSlow = false }]) =>
      caseOfServer(baits, `no TLS: ${name}`, `https://${HOSTILE_ADDRESS}:${rawPorts[name]}`, UNREACHABLE, isSlow),
    ),
    caseOfServer(baits, 'nobody listens', `https://${HOSTILE_ADDRESS}:1`, UNREACHABLE, false),
    caseOfServer(baits, 'a back slash', `${url}\\@127.0.0.1:${baits.internalPort}`, UNREACHABLE, false),
  ];
}

function caseOfServer(
  baits: Baits,
  name: string,
  server: string,
  codes: readonly string[],
  isSlow: boolean,
): HostileCase {
  return { name, credentials: { kubeconfig: kubeconfig(baits, { cluster: { server } }) }, codes, isSlow };
}
