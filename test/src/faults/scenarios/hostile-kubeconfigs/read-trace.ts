/** What a process and its children did, as `strace -f -yy` wrote it down. */
export interface Trace {
  /** Process ids, in the order in which they appear. */
  readonly pids: readonly number[];
  readonly opened: readonly string[];
  readonly executed: readonly string[];
  readonly connected: readonly Connection[];
}

export interface Connection {
  readonly protocol: 'TCP' | 'UDP' | 'UNIX' | 'OTHER';
  /** `address:port`, or a path. */
  readonly to: string;
}

/** A line tells of a call when it begins, whatever becomes of it; its end, where it is on a line of its own, is passed over. */
const CALL = /^(\d+) +(\w+)\((.*)$/;

export function parseTrace(text: string): Trace {
  const pids = new Set<number>();
  const trace = { opened: [] as string[], executed: [] as string[], connected: [] as Connection[] };
  for (const line of text.split('\n')) {
    const [, pid, call, rest = ''] = CALL.exec(line) ?? [];
    if (pid === undefined) continue;
    pids.add(Number(pid));
    if (call?.startsWith('open')) trace.opened.push(firstText(rest));
    else if (call?.startsWith('exec')) trace.executed.push(firstText(rest));
    else if (call === 'connect') trace.connected.push(parseConnection(rest));
  }
  return { pids: [...pids], ...trace };
}

function firstText(rest: string): string {
  return /"((?:[^"\\]|\\.)*)"/.exec(rest)?.[1] ?? '';
}

function parseConnection(rest: string): Connection {
  const [, kind = ''] = /^\d+<(TCP|UDP|UNIX)/.exec(rest) ?? [];
  const protocol = kind === 'TCP' || kind === 'UDP' || kind === 'UNIX' ? kind : 'OTHER';
  const port = /sin6?_port=htons\((\d+)\)/.exec(rest)?.[1];
  const address = /inet_addr\("([^"]*)"\)/.exec(rest)?.[1] ?? /inet_pton\(AF_INET6, "([^"]*)"/.exec(rest)?.[1];
  const to = port === undefined || address === undefined ? firstText(rest) : `${address}:${port}`;
  return { protocol, to };
}
