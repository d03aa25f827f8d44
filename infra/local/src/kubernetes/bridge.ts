import type { LocalContext } from '../support/context.js';
import { runCommand } from '../support/run-command.js';
import type { ClusterPlan } from './cluster-plan.js';

const TIMEOUT_MS = 10_000;

/** A network interface as `ip -json link` shows it. */
interface Link {
  readonly ifname: string;
  readonly ifalias?: string;
  readonly master?: string;
}

/** Makes the cluster's bridge, whose address is the node's: the kubelet refuses a loopback one. Removed at the stop. */
export async function createBridge(context: LocalContext, plan: ClusterPlan): Promise<void> {
  const ip = (...args: string[]) => runCommand('ip', args, { signal: context.signal, timeoutMs: TIMEOUT_MS });
  const isThisBridge = ({ ifname }: Link): boolean => ifname === plan.bridge;
  // Whoever made one of this name held our instance number, and is dead: perhaps in a checkout that no longer exists.
  await removeBridges(isThisBridge);
  await ip('link', 'add', plan.bridge, 'type', 'bridge');
  context.onStop(plan.bridge, () => removeBridges(isThisBridge));
  await ip('link', 'set', plan.bridge, 'alias', ownerOf(context.localDir));
  await ip('address', 'add', `${plan.nodeAddress}/${plan.prefixLength}`, 'dev', plan.bridge);
  await ip('link', 'set', plan.bridge, 'up');
}

/** Removes every bridge made for this checkout, with the interfaces of pods that are still attached. */
export function removeBridgesOf(localDir: string): Promise<void> {
  return removeBridges(({ ifalias }) => ifalias === ownerOf(localDir));
}

async function removeBridges(isWanted: (link: Link) => boolean): Promise<void> {
  const links = JSON.parse(await runCommand('ip', ['-json', 'link', 'show'], { timeoutMs: TIMEOUT_MS })) as Link[];
  const bridges = new Set(links.filter(isWanted).map(({ ifname }) => ifname));
  const ports = links.filter(({ master }) => master !== undefined && bridges.has(master)).map(({ ifname }) => ifname);
  for (const name of [...ports, ...bridges]) await removeLink(name);
}

/** A pod's interface can go with its network namespace at any moment: gone is as good as removed. */
async function removeLink(name: string): Promise<void> {
  try {
    await runCommand('ip', ['link', 'delete', name], { timeoutMs: TIMEOUT_MS });
  } catch (error) {
    if (!String(error).includes('Cannot find device')) throw error;
  }
}

function ownerOf(localDir: string): string {
  return `ccluster ${localDir}`;
}
