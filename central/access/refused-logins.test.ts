import { describe, expect, it } from 'vitest';
import { silentLogger } from '../../runtime/logger.ts';
import { ManualClock } from '../../runtime/manual-clock.ts';
import type { AuditEntry } from './audit.ts';
import { RefusedConnections } from './refused-connections.ts';
import { RefusedLogins } from './refused-logins.ts';

function open() {
  const clock = new ManualClock();
  const entries: Omit<AuditEntry, 'id'>[] = [];
  const audit = { append: (entry: Omit<AuditEntry, 'id'>) => void entries.push(entry) };
  return { entries, logins: new RefusedLogins({ audit, clock, log: silentLogger }) };
}

describe('refused logins in the audit log', () => {
  it('are told at the 1st, 10th, 100th of an address, with whom it says it is', () => {
    const { entries, logins } = open();
    for (let tried = 0; tried < 150; tried++)
      logins.record({ address: `2001:db8::${tried}`, claimed: 'gw-1', reason: 'wrong password' });
    expect(entries.map(({ target }) => target)).toEqual(
      [1, 10, 100].map((count) => `refused login no. ${count} of this address, as "gw-1": wrong password`),
    );
    expect(entries[1]).toMatchObject({ actor: 'unknown', action: 'login.refused', from: '2001:db8::9' });
  });

  it('never fill it, and long or odd names are cut and quoted', () => {
    const { entries, logins } = open();
    for (let host = 0; host < 5_000; host++)
      logins.record({
        address: `10.0.${host >> 8}.${host & 255}`,
        claimed: `\u001b[2J${'x'.repeat(500)}`,
        reason: 'r',
      });
    expect(entries).toHaveLength(20);
    expect(entries[0]?.target).toContain('as "\\u001b[2Jxxx');
    expect(entries[0]?.target.length).toBeLessThan(200);
  });
});

it('connections that were refused are counted, and each address is named now and then', () => {
  const lines: unknown[] = [];
  const log = { warn: (line: unknown) => void lines.push(line) } as unknown as typeof silentLogger;
  const refused = new RefusedConnections({ clock: new ManualClock(), log });
  for (let at = 0; at < 12; at++) refused.record('too many', '192.0.2.1');
  refused.record('accept EMFILE');
  expect(refused.count).toBe(13);
  expect(lines).toEqual([
    { address: '192.0.2.1', reason: 'too many', count: 1 },
    { address: '192.0.2.1', reason: 'too many', count: 10 },
    { address: 'unknown', reason: 'accept EMFILE', count: 1 },
  ]);
});
