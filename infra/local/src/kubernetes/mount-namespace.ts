/** A program with its arguments. */
export interface CommandLine {
  readonly command: string;
  readonly args: string[];
}

/** Where containerd, its shims, the CNI plugins and the kubelet write whatever they are told. */
const FIXED_DIRS = ['/run/containerd', '/var/lib/cni', '/var/lib/kubelet', '/var/log/containers'];

const MOUNT_AND_RUN = `
for dir in ${FIXED_DIRS.join(' ')}; do mkdir -p "$dir" && mount -t tmpfs ccluster "$dir" || exit; done
exec "$@"`;

/**
 * The same program in a mount namespace of its own, under the same process id. Each node has one: what it mounts is
 * seen by nobody else and gone with its last process, and what it writes to fixed places stays out of the machine's.
 */
export function inNewMountNamespace({ command, args }: CommandLine): CommandLine {
  return { command: 'unshare', args: ['--mount', '--', 'sh', '-c', MOUNT_AND_RUN, 'sh', command, ...args] };
}

/** The same program, under the same process id, in the mount namespace of a running process. */
export function inMountNamespaceOf(pid: number, { command, args }: CommandLine): CommandLine {
  return { command: 'nsenter', args: [`--target=${pid}`, '--mount', '--', command, ...args] };
}
