import { describe, expect, it } from 'vitest';
import { isInRange, parseAddress, parseRange } from './ip-range.ts';

const isIn = (address: string, text: string): boolean => {
  const [parsed, range] = [parseAddress(address), parseRange(text)];
  if (parsed === undefined || range === undefined) throw new Error(`${address} in ${text}?`);
  return isInRange(parsed, range);
};

describe('an address', () => {
  it.each([
    ['127.0.0.1', '127.0.0.0/8', true],
    ['128.0.0.0', '127.0.0.0/8', false],
    ['10.26.255.255', '10.26.0.0/16', true],
    ['10.27.0.0', '10.26.7.9/16', false],
    ['10.26.7.1', '10.26.7.1', true],
    ['10.26.7.2', '10.26.7.1', false],
    ['255.255.255.255', '0.0.0.0/0', true],
    ['fe80::1%eth0', 'fe80::/10', true],
    ['febf::1', 'fe80::/10', true],
    ['fec0::1', 'fe80::/10', false],
    ['::1', '::1', true],
    ['::', '::/128', true],
    ['2001:db8:0:1::', '2001:db8::/63', true],
    ['2001:db8:0:2::', '2001:db8::/63', false],
    ['10.0.0.1', '::/0', false],
    ['2001:db8::1', '2000::/3', true],
    ['10.26.9.7', '::ffff:10.26.9.0/120', true],
    ['10.26.8.7', '::ffff:10.26.9.0/120', false],
    ['::ffff:10.26.9.7', '::ffff:10.26.9.0/120', true],
    ['192.0.2.1', '::ffff:0:0/96', true],
    ['192.0.2.1', '64:ff9b::/96', true],
    ['10.26.9.7', '2002:a1a::/32', true],
    ['10.27.9.7', '2002:a1a::/32', false],
    ['10.26.9.7', '2002:a1a:907:5::/64', true],
    ['192.0.2.1', '2002::/16', true],
    ['::1', '::/127', true],
  ])('%s is in %s: %s', (address, range, expected) => expect(isIn(address, range)).toBe(expected));

  it.each([
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '::127.0.0.1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '::ffff:0:127.0.0.1',
  ])('written as %s is the IPv4 address that it stands for', (address) =>
    expect(parseAddress(address)).toEqual(parseAddress('127.0.0.1')),
  );

  it.each([
    '',
    'localhost',
    '127.1',
    '0x7f.0.0.1',
    '010.0.0.1',
    '1.2.3.4.5',
    'fe80::1::2',
    '[::1]',
    '10.0.0.1/8',
  ])('is not %j', (text) => expect(parseAddress(text)).toBeUndefined());
});

it.each(['::/96', '::/126', '::fffe:0:0/95', '64:ff9b::/32', '2002::/15'])(
  'a range does not have IPv4 addresses at one end only, as %j',
  (text) => expect(parseRange(text)).toBeUndefined(),
);

it.each(['10.0.0.0/33', '::/129', '10.0.0.0/', '10.0.0.0/-1', 'host/8', 'fe80::1%eth0', '/8', ''])(
  'a range is not %j',
  (text) => expect(parseRange(text)).toBeUndefined(),
);
