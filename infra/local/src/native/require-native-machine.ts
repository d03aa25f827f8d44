import type { LocalContext } from '../support/context.js';
import { CommandFailed, runCommand } from '../support/run-command.js';

/** What the native parts need of the machine: how to see it, and what to do where it is missing. */
interface Need {
  command: [string, ...string[]];
  remedy: string;
}

const POSTGRES_NEEDS: Need[] = [
  {
    command: ['unshare', '--user', 'true'],
    remedy:
      'user namespaces are off (sysctl user.max_user_namespaces), and PostgreSQL does not run as root: set DATABASE_URL',
  },
];
const DEBIAN_NEEDS: Need[] = [
  { command: ['apt-get', '--version'], remedy: 'apt-get is missing: use Debian 12 or the like, or start Docker' },
  { command: ['dpkg-deb', '--version'], remedy: 'dpkg-deb is missing: use Debian 12 or the like, or start Docker' },
];
const KUBERNETES_NEEDS: Need[] = [
  {
    command: ['go', 'version'],
    remedy: 'Go is missing: install Go 1.26 (https://go.dev/dl), start Docker or set KUBECONFIG',
  },
  { command: ['ip', '-V'], remedy: 'ip is missing: apt-get install iproute2' },
  { command: ['mount', '-V'], remedy: 'mount is missing: apt-get install mount' },
];

/** Throws with everything that this machine lacks for its native parts, before any of them is started. */
export async function requireNativeMachine(
  context: LocalContext,
  native: { postgres: boolean; redis: boolean; kubernetes: boolean },
): Promise<void> {
  const isRoot = process.getuid?.() === 0;
  const needs = [
    ...(native.postgres && isRoot ? POSTGRES_NEEDS : []),
    ...(native.redis || native.kubernetes ? DEBIAN_NEEDS : []),
    ...(native.kubernetes ? KUBERNETES_NEEDS : []),
  ];
  const found = await Promise.all(needs.map((need) => findMissing(context, need)));
  const missing = found.filter((remedy) => remedy !== undefined);
  if (native.kubernetes && !isRoot) {
    missing.push('not root: a native Kubernetes needs it (sudo -E npm start), Docker or your own KUBECONFIG does not');
  }
  if (missing.length > 0) throw new Error(['this machine lacks something:', ...missing].join('\n  - '));
}

async function findMissing({ signal }: LocalContext, { command, remedy }: Need): Promise<string | undefined> {
  const [program, ...args] = command;
  try {
    await runCommand(program, args, { signal, timeoutMs: 20_000 });
    return undefined;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof CommandFailed) return remedy;
    throw error;
  }
}
