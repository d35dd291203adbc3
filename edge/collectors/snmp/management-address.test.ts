import fc from 'fast-check';
import { isIP } from 'node:net';
import { expect, it } from 'vitest';
import { addressOfIndex } from './management-address.ts';

const addressOf = (index: string): string | undefined => addressOfIndex(index.split('.'));

it('reads IPv4 and IPv6 addresses from an index', () => {
  expect(addressOf('1.4.10.26.7.1')).toBe('10.26.7.1');
  expect(addressOf('2.16.254.128.0.0.0.0.0.0.0.0.0.0.0.0.0.9')).toBe('fe80::9');
});

it('reads nothing from other families, wrong lengths and bytes that are none', () => {
  for (const index of [
    '6.6.0.28.115.180.253.105',
    '1.4.10.26.7',
    '1.5.10.26.7.1',
    '1.4.10.26.7.256',
    '',
    '1',
  ])
    expect(addressOf(index), index).toBeUndefined();
  fc.assert(
    fc.property(fc.array(fc.nat(300).map(String), { maxLength: 20 }), (arcs) => {
      const address = addressOfIndex(arcs);
      expect(address === undefined || isIP(address) !== 0).toBe(true);
    }),
  );
});
