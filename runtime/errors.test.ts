import { describe, expect, it } from 'vitest';
import { messageOf } from './errors.ts';

describe('the message of an error', () => {
  it('is never empty', () => {
    expect(messageOf(new Error('no such device'))).toBe('no such device');
    expect(messageOf('a text')).toBe('a text');
    expect(messageOf('')).toBe('unknown error');
    expect(messageOf(new TypeError(''))).toBe('TypeError');
    expect(messageOf(Object.assign(new Error(''), { code: 'ECONNRESET' }))).toBe('ECONNRESET');
  });

  it('of an AggregateError without one, as of Node’s connections, is that of its parts', () => {
    const parts = [
      new Error('connect ETIMEDOUT fd77::2:1883'),
      new Error('connect ETIMEDOUT 10.77.2.2:1883'),
    ];
    expect(messageOf(new AggregateError(parts))).toBe(
      'connect ETIMEDOUT fd77::2:1883; connect ETIMEDOUT 10.77.2.2:1883',
    );
    expect(messageOf(new AggregateError(parts, 'stopping failed'))).toBe('stopping failed');
    expect(messageOf(new AggregateError([]))).toBe('AggregateError');
  });
});
