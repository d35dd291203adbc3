import { describe, expect, it } from 'vitest';
import { silentLogger } from '../../runtime/logger.ts';
import { ManualClock } from '../../runtime/manual-clock.ts';
import type { AuditEntry } from './audit.ts';
import { RefusedTokens } from './refused-tokens.ts';

function open(append?: (entry: Omit<AuditEntry, 'id'>) => void) {
  const clock = new ManualClock();
  const entries: Omit<AuditEntry, 'id'>[] = [];
  const audit = { append: append ?? ((entry: Omit<AuditEntry, 'id'>) => void entries.push(entry)) };
  return { clock, entries, refused: new RefusedTokens({ audit, clock, log: silentLogger }) };
}

describe('an address whose tokens are refused', () => {
  it('is told to wait after five, twice as long each time, at most a minute', async () => {
    const { clock, refused } = open();
    const waits: number[] = [];
    for (let tried = 0; tried < 13; tried++) {
      const waitMs = refused.record('192.0.2.1', 'unknown');
      waits.push(waitMs);
      await clock.advance(waitMs);
    }
    const seconds = (s: number): number => s * 1_000;
    expect(waits).toEqual([0, 0, 0, 0, 0, ...[1, 2, 4, 8, 16, 32, 60, 60].map(seconds)]);
  });

  it('does not wait longer for asking while it waits', async () => {
    const { clock, refused } = open();
    for (let tried = 0; tried < 6; tried++) refused.record('192.0.2.1', 'unknown');
    await clock.advance(400);
    expect(refused.record('192.0.2.1', 'unknown')).toBe(600);
  });

  it('is one with its /64, and no other address waits for it', () => {
    const { refused } = open();
    for (let tried = 0; tried < 6; tried++) refused.record(`2001:db8::${tried}`, 'unknown');
    expect(refused.record('2001:db8::ffff', 'unknown')).toBeGreaterThan(0);
    expect(refused.record('2001:db8:0:1::1', 'unknown')).toBe(0);
  });

  it('starts anew after a quarter of an hour', async () => {
    const { clock, refused } = open();
    for (let tried = 0; tried < 20; tried++) refused.record('192.0.2.1', 'unknown');
    await clock.advance(15 * 60_000);
    expect(refused.record('192.0.2.1', 'unknown')).toBe(0);
  });
});

describe('the trace of refused tokens', () => {
  it('is in the audit log at the 1st, 10th, 100th … of an address', () => {
    const { entries, refused } = open();
    for (let tried = 0; tried < 150; tried++) refused.record('192.0.2.1', 'expired');
    expect(entries.map(({ target }) => target)).toEqual(
      [1, 10, 100].map((count) => `refused token no. ${count} of this address: expired`),
    );
    expect(entries[0]).toMatchObject({ actor: 'unknown', action: 'token.refused', from: '192.0.2.1' });
    expect(refused.counts()).toEqual({ unknown: 0, expired: 150 });
  });

  it('never fills the audit log, and says what it left out', async () => {
    const { clock, entries, refused } = open();
    for (let host = 0; host < 50_000; host++)
      refused.record(`10.${host >> 16}.${(host >> 8) & 255}.${host & 255}`, 'unknown');
    expect(entries).toHaveLength(20);
    await clock.advance(10 * 60_000);
    refused.record('192.0.2.1', 'unknown');
    expect(entries).toHaveLength(21);
    expect(entries.at(-1)?.target).toContain('; 49980 entries like this were left out before');
  });

  it('does not decide the answer: a full disk changes nothing for the caller', () => {
    const { refused } = open(() => {
      throw new Error('disk full');
    });
    expect(refused.record('192.0.2.1', 'unknown')).toBe(0);
  });
});
