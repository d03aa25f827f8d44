import type { Violation } from '../../violation.js';
import { HOSTILE_ADDRESS } from './name-server.js';
import type { Connection, Trace } from './read-trace.js';

export interface Judgement {
  readonly violations: readonly Violation[];
  readonly filesRead: number;
  readonly programsRun: number;
  readonly connectionsElsewhere: number;
  /** To the hostile server, which cases may reach. */
  readonly connectionsAllowed: number;
}

export interface Expected {
  /** Begin of what no case may have opened; `~` stands for any home. */
  readonly paths: readonly string[];
  /** `address:port` of PostgreSQL and Redis. */
  readonly ownServers: readonly string[];
}

/** What of a trace the api has no business with. The first program is the api itself. */
export function judgeTrace(trace: Trace, { paths, ownServers }: Expected): Judgement {
  const isNamed = (opened: string) =>
    paths.some((path) => (path.startsWith('~') ? opened.endsWith(path.slice(1)) : opened.includes(path)));
  const read = trace.opened.filter(isNamed);
  const run = trace.executed.slice(1);
  const isAllowed = ({ to }: Connection) => to.startsWith(`${HOSTILE_ADDRESS}:`);
  const elsewhere = trace.connected.filter(
    (connection) => !isHarmless(connection) && !isAllowed(connection) && !ownServers.includes(connection.to),
  );
  const violation = (what: string) => (subject: string) => ({ rule: 'input' as const, subject, what });
  return {
    violations: [
      ...read.map(violation('the api opened a file that a kubeconfig names')),
      ...run.map(violation('the api started a program')),
      ...elsewhere.map(({ protocol, to }) => violation(`the api connected elsewhere, by ${protocol}`)(to)),
    ],
    filesRead: read.length,
    programsRun: run.length,
    connectionsElsewhere: elsewhere.length,
    connectionsAllowed: trace.connected.filter((connection) => connection.protocol === 'TCP' && isAllowed(connection))
      .length,
  };
}

/**
 * Sends nothing to where it leads: libc asks a daemon on this machine for names, then a name server, and "connects"
 * datagram sockets to what it found, only to learn which source address each would have. The api itself speaks TCP.
 */
function isHarmless({ protocol, to }: Connection): boolean {
  return protocol === 'UDP' || (protocol === 'UNIX' && to.endsWith('nscd/socket'));
}
