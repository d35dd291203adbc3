import { expect, it } from 'vitest';
import { StreamLimits } from './stream-limits.ts';

it('bounds the streams of a token or person, of an address and of all, and counts those that ended no more', () => {
  const limits = new StreamLimits({ total: 4, perOwner: 2, perAddress: 3 });
  const take = (owner: string, address: string) => limits.take(owner, address);
  const first = take('a', '10.0.0.1');
  take('a', '10.0.0.2');
  expect(take('a', '10.0.0.3')).toBe('this token or person has 2 event streams already');
  take('b', '10.0.0.1');
  take('b', '10.0.0.1');
  expect(take('c', '10.0.0.9')).toBe('there are 4 event streams already');
  if (typeof first === 'string') throw new Error(first);
  first();
  first();
  expect(limits.total).toBe(3);
  expect(typeof take('c', '10.0.0.1')).toBe('function');
  expect(take('d', '10.0.0.1')).toBe('this address has 3 event streams already');
});

it('counts the addresses of one IPv6 network together', () => {
  const limits = new StreamLimits({ total: 9, perOwner: 9, perAddress: 1 });
  expect(typeof limits.take('a', '2001:db8::1')).toBe('function');
  expect(limits.take('b', '2001:db8::2')).toMatch(/^this address/);
  expect(typeof limits.take('b', '2001:db8:1::2')).toBe('function');
});
