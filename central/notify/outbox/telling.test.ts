import { describe, expect, it } from 'vitest';
import { factsOf } from '../testing/messages.ts';
import { oweBegin, oweChange, oweEnd, taken, type Telling } from './telling.ts';

const due = { nowMs: 1_000, notBeforeMs: 1_000 };
const begun = oweBegin(undefined, { channel: 'noc', facts: factsOf({ severity: 'major' }), ...due });
const told = taken(begun);

function changed(known: Telling, severity: 'minor' | 'major' | 'critical', everyChange = false): Telling {
  return oweChange(known, { facts: factsOf({ severity }), everyChange, ...due });
}

describe('what a channel is owed of an alert', () => {
  it('is its beginning, then its end', () => {
    expect([begun.owed, told.told, told.owed]).toEqual(['begin', 'open', undefined]);
    expect(oweEnd(told, { facts: factsOf(), ...due }).owed).toBe('end');
    expect(taken(oweEnd(told, { facts: factsOf(), ...due })).told).toBe('over');
  });

  it('is both at once, where it ended before it was told', () => {
    expect(oweEnd(begun, { facts: factsOf(), ...due }).owed).toBe('whole');
  });

  it('is a change that makes it graver than it was told, or any change for a channel that keeps states', () => {
    expect(changed(told, 'critical').owed).toBe('change');
    expect(changed(told, 'major').owed).toBeUndefined();
    expect(changed(told, 'minor').owed).toBeUndefined();
    expect(changed(told, 'minor', true).owed).toBe('change');
    // It became graver and milder again before that was told.
    expect(changed(changed(told, 'critical'), 'major').owed).toBeUndefined();
  });

  it('is nothing more once it was told of the end, or was never told', () => {
    const over = taken(oweEnd(told, { facts: factsOf(), ...due }));
    expect(oweEnd(over, { facts: factsOf(), ...due }).owed).toBeUndefined();
    expect(changed(over, 'critical').owed).toBeUndefined();
  });

  it('goes by where the alert was when it was told: its device may have moved', () => {
    const end = oweEnd(told, { facts: factsOf({ unit: '26740', site: 'site-2', endedAtMs: 5_000 }), ...due });
    expect(end.facts).toMatchObject({ unit: '26737', site: 'site-1', endedAtMs: 5_000 });
    const untold = oweEnd(begun, { facts: factsOf({ unit: '26740', site: 'site-2' }), ...due });
    expect(untold.facts).toMatchObject({ unit: '26740', site: 'site-2' });
  });
});
