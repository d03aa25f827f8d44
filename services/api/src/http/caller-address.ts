import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';
import { z } from 'zod';

const RULE = 'must be addresses or ranges such as 10.0.0.0/8 or fd12::/48, separated by commas';

/** Those whose `X-Forwarded-For` is believed. */
export interface TrustedProxies {
  trusts(address: string): boolean;
}

/** A service's variable TRUSTED_PROXIES. */
export const trustedProxiesVariable = z
  .string()
  .default('')
  .transform((text, context): TrustedProxies => {
    const lists = { 4: new BlockList(), 6: new BlockList() };
    for (const range of text.split(',').map((part) => part.trim())) {
      if (range !== '' && !addRange(lists, range)) context.addIssue({ code: 'custom', message: RULE });
    }
    return {
      trusts: (address) => {
        const family = isIP(address);
        return family === 4 ? lists[4].check(address, 'ipv4') : family === 6 && lists[6].check(address, 'ipv6');
      },
    };
  });

/** @returns false where it is no range */
function addRange(lists: Readonly<Record<4 | 6, BlockList>>, range: string): boolean {
  const [, network = '', prefix] = /^([^/%]+)(?:\/(\d{1,3}))?$/.exec(range) ?? [];
  const family = isIP(network);
  const longest = family === 4 ? 32 : 128;
  if (family === 0 || Number(prefix ?? 0) > longest) return false;
  lists[family === 4 ? 4 : 6].addSubnet(network, Number(prefix ?? longest), family === 4 ? 'ipv4' : 'ipv6');
  return true;
}

/**
 * Who the request comes from, as far as proxies that are trusted tell: the last address that is none of theirs.
 * An IPv6 caller is its /64, which is one network.
 */
export function addressOf({ socket, headers }: IncomingMessage, proxies: TrustedProxies): string {
  const forwarded = String(headers['x-forwarded-for'] ?? '');
  const hops = [...forwarded.split(','), socket.remoteAddress ?? ''].flatMap((hop) => plain(hop.trim()) || []);
  const nearest = hops.findLast((hop) => !proxies.trusts(hop)) ?? hops[0] ?? '';
  return isIP(nearest) === 6 ? networkOf(nearest) : nearest;
}

/** `::ffff:192.0.2.1` is how a socket for both families says 192.0.2.1. */
function plain(address: string): string {
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;
}

function networkOf(address: string): string {
  const [head = '', tail] = address.split('::', 2);
  const first = head === '' ? [] : head.split(':');
  const last = tail === undefined || tail === '' ? [] : tail.split(':');
  const missing = tail === undefined ? 0 : 8 - first.length - last.length;
  return `${[...first, ...Array<string>(missing).fill('0'), ...last].slice(0, 4).join(':')}::/64`;
}
