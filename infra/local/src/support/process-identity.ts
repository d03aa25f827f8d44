import { readFileSync } from 'node:fs';

/** A process id alone may be given to a stranger after a crash or a reboot; with boot and start time it may not. */
export interface ProcessIdentity {
  pid: number;
  /** Boot id and start time in clock ticks since that boot. */
  startedAt: string;
}

/** The identity of a living process; undefined when there is none with this id, or only its zombie. */
export function findProcessIdentity(pid: number): ProcessIdentity | undefined {
  const stat = readProcFile(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  // The command name stands in parentheses and may hold blanks: the fixed fields begin after the last one.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, startTicks] = [fields[0], fields[19]];
  if (state === 'Z' || state === 'X' || startTicks === undefined) return undefined;
  return { pid, startedAt: `${readProcFile('/proc/sys/kernel/random/boot_id')?.trim()}:${startTicks}` };
}

/** Reads back JSON of an identity; undefined for anything else, such as a file cut short by a crash. */
export function findWrittenIdentity(text: string): ProcessIdentity | undefined {
  const fields = text.match(/^\{"pid":(\d+),"startedAt":"([^"]+)"\}$/);
  return fields === null ? undefined : { pid: Number(fields[1]), startedAt: String(fields[2]) };
}

export function isAlive(identity: ProcessIdentity): boolean {
  return findProcessIdentity(identity.pid)?.startedAt === identity.startedAt;
}

function readProcFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined; // The process ended between being seen and being read.
  }
}
