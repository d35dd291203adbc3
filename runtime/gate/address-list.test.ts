import { expect, it } from 'vitest';
import { addressMatcher, isAddressOrNetwork } from './address-list.ts';

it('finds addresses in networks, also IPv4 that is mapped into IPv6', () => {
  const matches = addressMatcher(['10.20.0.0/16', '192.0.2.7', '2001:db8::/48', 'fe80::1']);
  for (const address of ['10.20.255.1', '::ffff:10.20.1.1', '192.0.2.7', '2001:db8:0:9::1', 'fe80::1%eth0'])
    expect([address, matches(address)]).toEqual([address, true]);
  for (const address of ['10.21.0.1', '192.0.2.8', '2001:db8:1::1', 'fe80::2', '', 'unknown'])
    expect([address, matches(address)]).toEqual([address, false]);
});

it('knows what is an address or a network', () => {
  for (const text of ['10.0.0.1', '10.0.0.0/8', '0.0.0.0/0', '::1', '2001:db8::/64'])
    expect([text, isAddressOrNetwork(text)]).toEqual([text, true]);
  for (const text of [
    '',
    'host',
    '10.0.0',
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '::/129',
    '10.0.0.0/-1',
  ])
    expect([text, isAddressOrNetwork(text)]).toEqual([text, false]);
});
