import { describe, expect, it, test } from 'vitest';
import { allowClusterAddresses, clusterAddressesVariable } from './cluster-addresses.js';

const INTERNAL = `
  0.0.0.0 10.1.2.3 100.64.0.1 100.100.100.200 127.0.0.1 127.255.255.254 168.63.129.16 169.254.169.254
  172.16.0.1 172.31.255.255 192.0.0.192 192.168.1.1 224.0.0.1 255.255.255.255
  :: ::1 ::ffff:8.8.8.8 ::ffff:127.0.0.1 ::ffff:7f00:1 ::7f00:1 64:ff9b::8.8.8.8
  2001::1 2001:db8::1 2002:7f00:1:: fc00::1 fd00:ec2::254 fe80::1 fec0::1 ff02::1`
  .trim()
  .split(/\s+/);
const PUBLIC = [
  '1.1.1.1',
  '8.8.8.8',
  '100.63.255.255',
  '172.15.255.255',
  '172.32.0.1',
  '192.169.0.1',
  '2606:4700::1111',
];
const NO_ADDRESS = [
  '',
  'localhost',
  'example.com',
  '127.1',
  '0x7f.0.0.1',
  '[::1]',
  'fe80::1%eth0',
  '2606:4700::1%eth0',
];

describe('addresses of API servers', () => {
  const none = allowClusterAddresses([]);

  test.each(INTERNAL)('%s is not one by default', (address) => expect(none.allows(address)).toBe(false));
  test.each(PUBLIC)('%s is one', (address) => expect(none.allows(address)).toBe(true));
  test.each(NO_ADDRESS)('%j is never one', (text) => {
    expect(allowClusterAddresses(['0.0.0.0/0', '::/0']).allows(text)).toBe(false);
  });

  it('are also those that the operator allows', () => {
    const { allows } = allowClusterAddresses(['10.8.0.0/16', 'fd12::/48', '127.0.0.1']);
    const asked = [
      '10.8.255.1',
      '10.9.0.1',
      'fd12::9',
      'fd13::9',
      '127.0.0.1',
      '127.0.0.2',
      '::ffff:10.8.0.1',
      '1.1.1.1',
    ];
    expect(asked.filter(allows)).toEqual(['10.8.255.1', 'fd12::9', '127.0.0.1', '1.1.1.1']);
  });

  it('are read from a variable', () => {
    expect(clusterAddressesVariable.parse(undefined).allows('10.0.0.1')).toBe(false);
    expect(clusterAddressesVariable.parse(' 10.0.0.0/8, ::1 ,').allows('::1')).toBe(true);
  });

  test.each(['10.0.0.0/33', '::/129', '10.0.0.0/', 'localhost', '10.0.0.0-10.0.0.9', '10/8'])(
    '%j is no range',
    (text) => {
      expect(clusterAddressesVariable.safeParse(text).error?.issues[0]?.message).toContain('must be address ranges');
    },
  );
});
