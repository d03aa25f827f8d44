import type { IncomingMessage } from 'node:http';
import { describe, expect, test } from 'vitest';
import { addressOf, trustedProxiesVariable } from './caller-address.js';

const request = (remoteAddress: string, forwarded?: string) =>
  ({ socket: { remoteAddress }, headers: { 'x-forwarded-for': forwarded } }) as unknown as IncomingMessage;

describe('the address of a caller', () => {
  test.each([
    ['is that of the connection', '', '192.0.2.1', undefined, '192.0.2.1'],
    ['is not what a stranger says', '', '192.0.2.1', '203.0.113.9', '192.0.2.1'],
    ['is what a trusted proxy says', '10.0.0.0/8', '10.0.0.1', '203.0.113.9', '203.0.113.9'],
    [
      'is what the last proxy that is trusted says',
      '10.0.0.0/8',
      '10.0.0.1',
      '1.1.1.1, 203.0.113.9, 10.2.3.4',
      '203.0.113.9',
    ],
    ['is the first where all are trusted', '10.0.0.0/8', '10.0.0.1', '10.9.9.9', '10.9.9.9'],
    ['is that of the proxy where it says nothing', '10.0.0.1', '10.0.0.1', undefined, '10.0.0.1'],
    ['is one of IPv4 in a socket for both', '', '::ffff:192.0.2.1', undefined, '192.0.2.1'],
    ['is a network of IPv6', '', '2001:db8:1:2:3:4:5:6', undefined, '2001:db8:1:2::/64'],
    ['is a network of IPv6, however it is written', '', '2001:db8::6', undefined, '2001:db8:0:0::/64'],
    ['is the host itself', '', '::1', undefined, '0:0:0:0::/64'],
    ['is told by a proxy of IPv6', 'fd12::/48', 'fd12::1', '192.0.2.1', '192.0.2.1'],
  ])('%s', (_, proxies, remote, forwarded, expected) => {
    expect(addressOf(request(remote, forwarded), trustedProxiesVariable.parse(proxies))).toBe(expected);
  });

  test.each(['10.0.0.0/33', 'proxy', 'fd12::/129', '10.0.0.1;10.0.0.2'])('is told by no %s', (proxies) => {
    expect(trustedProxiesVariable.safeParse(proxies).success).toBe(false);
  });
});
