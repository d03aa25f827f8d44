import { BlockList, isIP } from 'node:net';
import { z } from 'zod';

/**
 * What is not the public internet: this machine, private and link-local networks (cloud metadata among them), multicast,
 * and the forms of IPv6 that carry an IPv4 address. Of IPv6 only 2000::/3 is public at all.
 */
const INTERNAL_RANGES: readonly string[] = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  // The platform's own endpoint in each virtual machine of Azure.
  '168.63.129.16/32',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
  '::/3',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  '3fff::/20',
  '4000::/2',
  '8000::/1',
];

const RANGE_RULE = 'must be address ranges such as 10.0.0.0/8 or fd12::/48, separated by commas';
const MAX_PREFIX = { ipv4: 32, ipv6: 128 };

/** Which addresses API servers may have: public ones, and what the operator allows besides. */
export interface ClusterAddresses {
  /** @param address as a number; a name is never allowed */
  allows(address: string): boolean;
}

/** @param ranges in CIDR notation or single addresses. Throws an Error, without the value, where one is neither. */
export function allowClusterAddresses(ranges: readonly string[]): ClusterAddresses {
  const allowed = addressListOf(ranges);
  return { allows: (address) => allowed.holds(address) || internal.holds(address) === false };
}

/** A service's variable CLUSTER_ADDRESSES_ALLOWED. */
export const clusterAddressesVariable = z
  .string()
  .default('')
  .transform((text, context): ClusterAddresses => {
    const ranges = text.split(',').map((range) => range.trim());
    try {
      return allowClusterAddresses(ranges.filter((range) => range !== ''));
    } catch {
      context.addIssue({ code: 'custom', message: RANGE_RULE });
      return z.NEVER;
    }
  });

const internal = addressListOf(INTERNAL_RANGES);

/** @returns `holds`: undefined where it is given no address */
function addressListOf(ranges: readonly string[]): { holds(address: string): boolean | undefined } {
  // A list for each: in one, a range of IPv6 would match the IPv4 addresses that it could carry.
  const lists = { ipv4: new BlockList(), ipv6: new BlockList() };
  for (const range of ranges) {
    const [, network = '', prefix] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(range) ?? [];
    const family = familyOf(network);
    if (family === undefined || Number(prefix ?? 0) > MAX_PREFIX[family]) throw new Error(RANGE_RULE);
    lists[family].addSubnet(network, Number(prefix ?? MAX_PREFIX[family]), family);
  }
  return {
    holds: (address) => {
      const family = familyOf(address);
      return family && lists[family].check(address, family);
    },
  };
}

/** A zone (`fe80::1%eth0`) is no part of an address: lists match nothing that has one. */
function familyOf(text: string): 'ipv4' | 'ipv6' | undefined {
  if (text.includes('%')) return undefined;
  switch (isIP(text)) {
    case 4:
      return 'ipv4';
    case 6:
      return 'ipv6';
    default:
      return undefined;
  }
}
