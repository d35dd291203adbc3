import { expect, it } from 'vitest';
import { toCounter, toMacOrText, toNumber, toText } from './value.ts';

it('reads text on one line, in whatever bytes it comes', () => {
  expect(toText(Buffer.from('port0\0'))).toBe('port0');
  expect(toText(Buffer.from('S5720\r\n  VRP'))).toBe('S5720 VRP');
  expect(toText(Buffer.from('Tủ mạng'))).toBe('Tủ mạng');
  expect(toText(Buffer.from('d1a7d7d3', 'hex'))).toBe('Ñ§×Ó'); // GBK: not readable, but not lost
  expect(toText(Buffer.from(' \0'))).toBeUndefined();
  expect(toText(Buffer.from('😀'.repeat(200)))).toBe('😀'.repeat(128));
});

it('reads numbers, also those sent as text, and nothing else', () => {
  expect([toNumber(7), toNumber(7n), toNumber('7'), toNumber(Buffer.from('-7.5'))]).toEqual([7, 7, 7, -7.5]);
  expect([toNumber('7 A'), toNumber(''), toNumber('1e3'), toNumber(undefined)]).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

it('tells counters by their width', () => {
  expect(toCounter(2n ** 63n)).toEqual({ value: 2n ** 63n, bits: 64 });
  expect(toCounter(5)).toEqual({ value: 5n, bits: 32 });
  expect(toCounter(-1)).toBeUndefined();
  expect(toCounter('5')).toBeUndefined();
});

it('writes six bytes as a hardware address', () => {
  expect(toMacOrText(Buffer.from('001c73000001', 'hex'))).toBe('00:1c:73:00:00:01');
  expect(toMacOrText(Buffer.from('core-1x'))).toBe('core-1x');
});
