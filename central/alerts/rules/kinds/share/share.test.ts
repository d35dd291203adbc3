import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../../../../contract/measurements/index.ts';
import { S, START } from '../../../testing/engine-harness.ts';
import { KindHarness, kindRule, problemsOf } from '../../../testing/kind-harness.ts';
import type { WatchedDevice } from '../../../engine/watched-device.ts';
import { loadRules, SHIPPED_RULES_DIRECTORY } from '../../load-rules.ts';
import type { AlertRule } from '../../rule.ts';

const shipped = new Map(loadRules(SHIPPED_RULES_DIRECTORY, CATALOGUE).map((rule) => [rule.id, rule]));
const coverageDip = shipped.get('coverage_dip')!;
const operatorDip = shipped.get('coverage_dip_operator')!;
const fallback = shipped.get('coverage_fallback')!;

interface Radio {
  readonly rsrp?: number;
  readonly rat?: string;
  readonly registered?: boolean;
  readonly unit?: string;
  readonly operator?: string;
  /** Sent by another than the gateway of its site. */
  readonly agent?: string;
  readonly isExpected?: boolean;
  /** Measured so long before it arrives. */
  readonly ageS?: number;
}

const GOOD: Radio = { rsrp: -80 };
const BAD: Radio = { rsrp: -118 };
const LOST: Radio = { registered: false, rat: 'none' };

let harness: KindHarness;
beforeEach(() => {
  harness = new KindHarness();
});
afterEach(() => harness.end());

function send(atS: number, modem: string, radio: Radio): void {
  const {
    rsrp,
    rat = 'nr',
    registered = true,
    unit = '26734',
    operator = 'viettel',
    isExpected = true,
  } = radio;
  const { agent = `gw-${modem}`, ageS = 0 } = radio;
  const tags = { device: modem, unit, operator, rat };
  const fields = { rsrp_dbm: rsrp, registered };
  harness.send(atS, { measurement: 'cellular', agent, tags, fields, ageS, isExpected });
}

/** Each modem sends every ten seconds; central looks each second. */
function run(fromS: number, toS: number, radios: (atS: number) => readonly (Radio | undefined)[]): void {
  for (let atS = fromS; atS < toS; atS++) {
    if (atS % 10 === 0) {
      radios(atS).forEach((radio, at) => {
        if (radio !== undefined) send(atS, `m-${at + 1}`, radio);
      });
    }
    harness.clock.freeze(S);
    harness.tick(atS);
  }
}

const all = (count: number, radio: Radio): Radio[] => Array.from({ length: count }, () => radio);

describe('the coverage of a ward', () => {
  it('dips when enough of its modems do at once, and is one alert of the ward', () => {
    harness.start([coverageDip]);
    run(0, 600, (atS) => (atS >= 100 && atS < 300 ? [BAD, BAD, LOST, GOOD, GOOD] : all(5, GOOD)));
    expect(harness.events()).toEqual(['120 fired', '300 recovering', '360 resolved']);
    expect(harness.recorded[0]?.alert).toMatchObject({
      entity: { unit: '26734' },
      unit: '26734',
      valueText: '0 %',
    });
  });

  it('stays up with one bad modem, or with two, however few there are', () => {
    harness.start([coverageDip]);
    run(0, 120, () => [BAD, GOOD, GOOD]);
    run(120, 240, () => [BAD, LOST, GOOD]);
    run(240, 360, () => [BAD, BAD, GOOD, GOOD]);
    expect(harness.events()).toEqual([]);
  });

  it('ends with one bad modem, that has an alert of its own', () => {
    harness.start([coverageDip]);
    run(0, 100, () => [BAD, BAD, BAD]);
    expect(harness.engine.active()).toHaveLength(1);
    run(100, 300, () => [BAD, GOOD, GOOD]);
    expect(harness.engine.active()).toEqual([]);
  });

  it('is that of each ward by itself', () => {
    harness.start([coverageDip]);
    const scattered = Array.from({ length: 9 }, (_, at): Radio => ({
      ...(at % 3 === 0 ? BAD : GOOD),
      unit: `${26734 + (at % 3 === 0 ? at : at % 3)}`,
    }));
    run(0, 200, () => scattered);
    expect(harness.events()).toEqual([]);
  });

  it('is not judged while too few are heard: what is known stays', () => {
    harness.start([coverageDip]);
    run(0, 100, () => [BAD, BAD, BAD, GOOD, GOOD]);
    run(100, 400, () => [undefined, undefined, undefined, GOOD, GOOD]);
    expect(harness.events()).toEqual(['50 fired']);
  });

  it('does not end because those in breach fell silent', () => {
    harness.start([coverageDip]);
    run(0, 100, () => [...all(4, BAD), ...all(5, GOOD)]);
    run(100, 600, () => [...all(4, BAD).map(() => undefined), ...all(5, GOOD)]);
    expect(harness.events()).toEqual(['50 fired']);
    run(600, 800, () => all(9, GOOD));
    expect(harness.engine.active()).toEqual([]);
  });

  it('does not begin by what was bad when it fell silent, once that is old', () => {
    harness.start([coverageDip]);
    run(0, 20, () => all(6, GOOD));
    for (const modem of ['m-1', 'm-2', 'm-3', 'm-4']) send(30, modem, { ...BAD, ageS: 9 });
    run(31, 400, () => [undefined, undefined, undefined, undefined, GOOD, GOOD]);
    expect(harness.events()).toEqual([]);
  });

  it('goes on over a restart, and nothing is judged by the first who report', () => {
    harness.start([coverageDip]);
    run(0, 100, () => [BAD, BAD, BAD, GOOD, GOOD]);
    harness.restart([coverageDip]);
    harness.forgetSeries();
    for (const modem of ['m-7', 'm-8', 'm-9']) send(100, modem, GOOD);
    for (let atS = 100; atS < 129; atS++) harness.tick(atS);
    run(130, 400, () => [BAD, BAD, BAD, GOOD, GOOD]);
    expect(harness.events()).toEqual(['50 fired']);
  });

  it('counts a modem once, by its newest row, whatever technology it was on before', () => {
    harness.start([coverageDip]);
    const changing = (atS: number): Radio[] =>
      all(4, atS % 20 === 0 ? { ...BAD, rat: 'nr' } : { ...GOOD, rat: 'lte' });
    run(0, 200, changing);
    expect(harness.events()).toEqual([]);
  });

  it('takes no old row, none from the future, and none of a modem that the inventory lacks', () => {
    harness.start([coverageDip]);
    run(0, 200, () => [
      ...all(3, GOOD),
      ...all(3, { ...BAD, ageS: 3_600 }),
      ...all(3, { ...BAD, ageS: -3_600 }),
      ...all(3, { ...BAD, isExpected: false }),
    ]);
    expect(harness.events()).toEqual([]);
  });

  it('takes what comes late for what it is: older', () => {
    harness.start([coverageDip]);
    run(0, 200, (atS) => {
      for (const modem of ['m-1', 'm-2', 'm-3']) {
        send(atS, modem, GOOD);
        send(atS, modem, { ...BAD, ageS: 5 });
      }
      return [];
    });
    expect(harness.events()).toEqual([]);
  });

  it('goes by the unit of the inventory, not by what an agent says', () => {
    const devices = new Map<string, WatchedDevice>(
      ['m-1', 'm-2', 'm-3', 'm-4', 'm-5'].map((id) => [id, { unit: '27000', site: id, agent: `gw-${id}` }]),
    );
    harness.start([coverageDip], harness.database, { devices: () => devices });
    run(0, 200, () => [BAD, { ...BAD, unit: '1' }, { ...BAD, unit: '2' }, GOOD, GOOD]);
    expect(harness.engine.active()).toMatchObject([{ entity: { unit: '27000' }, unit: '27000' }]);
  });

  it('goes by what the owner of a modem says, where another watches it too', () => {
    const devices = new Map<string, WatchedDevice>(
      ['m-1', 'm-2', 'm-3'].map((id) => [id, { unit: '26734', agent: `gw-${id}`, otherAgents: ['other'] }]),
    );
    harness.start([coverageDip], harness.database, { devices: () => devices });
    run(0, 200, (atS) => {
      for (const modem of ['m-1', 'm-2', 'm-3']) send(atS, modem, { ...BAD, agent: 'other' });
      return all(3, { ...GOOD, ageS: 2 });
    });
    expect(harness.events()).toEqual([]);
  });

  it('is withdrawn when nothing was to be judged for a day', () => {
    harness.start([coverageDip]);
    run(0, 100, () => [BAD, BAD, BAD]);
    for (let atS = 100; atS < 86_300; atS += 60) harness.tick(atS);
    expect(harness.engine.active()).toHaveLength(1);
    for (let atS = 86_300; atS < 87_000; atS += 60) harness.tick(atS);
    expect(harness.recorded.at(-1)?.event.kind).toBe('withdrawn');
  });
});

describe('the coverage of one operator in a ward', () => {
  it('dips by itself', () => {
    harness.start([operatorDip, coverageDip]);
    const other = { ...GOOD, operator: 'mobifone' };
    run(0, 200, () => [...all(3, BAD), ...all(6, other)]);
    expect(harness.engine.active()).toMatchObject([{ entity: { unit: '26734', operator: 'viettel' } }]);
  });
});

describe('5G in a ward', () => {
  const on = (rat: string): Radio => ({ ...GOOD, rat });

  it('is lost when its 5G modems are on LTE; those that never had 5G do not count', () => {
    harness.start([fallback]);
    const few = (atS: number): Radio[] => all(4, on(atS >= 100 && atS < 500 ? 'lte' : 'nr'));
    run(0, 800, (atS) => [...few(atS), ...all(10, on('lte'))]);
    expect(harness.events()).toEqual(['220 fired', '500 recovering', '620 resolved']);
  });

  it('is not lost where one modem falls back, or all have been on LTE for ever', () => {
    harness.start([fallback]);
    run(0, 400, (atS) => [on(atS > 100 ? 'lte' : 'nr'), on('nrnsa'), on('nr'), ...all(5, on('lte'))]);
    expect(harness.events()).toEqual([]);
  });
});

describe('one agent', () => {
  it('that makes wards up has its own limits', () => {
    harness.start([coverageDip], harness.database, { limits: { maxEntitiesPerAgent: 5 } });
    for (let atS = 0; atS <= 120; atS += 10) {
      for (let at = 0; at < 60; at++) {
        send(atS, `x-${at}`, { ...BAD, unit: `${Math.floor(at / 3)}`, agent: 'liar' });
      }
      harness.tick(atS);
    }
    expect(harness.engine.active()).toHaveLength(5);
    expect(harness.engine.takeLimited()).toMatchObject([{ agent: 'liar' }]);
    expect(harness.engine.withdrawReported('liar', START + 130 * S)).toBe(5);
  });
});

describe('settings', () => {
  const rule = (changes: Record<string, unknown>): AlertRule =>
    kindRule({
      ...{ kind: 'share', measurement: 'cellular', entity: ['unit'], member: ['device'] },
      breach: [{ field: 'rsrp_dbm', below: -110 }],
      levels: [{ severity: 'major', raise: 40, clear: 25 }],
      ...changes,
    });

  it('of a rule that is good are taken', () => {
    expect(rule({}).id).toBe('a');
  });

  it.each([
    [{ minMembers: 1 }, 'a: minMembers: expected at least 2, got 1'],
    [{ minInBreach: 2.5 }, 'a: minInBreach: expected a whole number, got 2.5'],
    [
      { member: ['unit'] },
      'a: member: expected a tag that entity does not have: each group would have one member, got ["unit"]',
    ],
    [{ member: ['imei'] }, 'a: member: not a tag of cellular, got "imei"'],
    [{ among: { tech: 'nr' } }, 'a: among: not a tag of cellular, got "tech"'],
    [{ breach: [{ field: 'rsrp', below: -110 }] }, 'a: breach[0].field: not a field of cellular, got "rsrp"'],
    [
      { breach: [{ field: 'rsrp_dbm', below: 20 }] },
      'a: breach[0].below: outside the range of rsrp_dbm (-156 to -31), got 20',
    ],
    [
      { breach: [{ field: 'registered', below: 1 }] },
      'a: breach[0].field: expected a number field, cellular.registered is bool, got "registered"',
    ],
    [
      { breach: [{ field: 'registered', equals: 'no' }] },
      'a: breach[0].equals: expected a boolean, registered is bool, got "no"',
    ],
    [{ breach: [{ tag: 'rat', below: 4 }] }, 'a: breach[0].tag: expected only with equals, got "rat"'],
    [{ breach: [{ tag: 'rat', equals: 5 }] }, 'a: breach[0].equals: expected a text, rat is a tag, got 5'],
    [
      { breach: [{ field: 'cqi', tag: 'rat', equals: 5 }] },
      'a: breach[0]: expected either field or tag, got {"field":"cqi","tag":"rat"}',
    ],
    [
      { breach: [{ field: 'cqi', above: 5, below: 3 }] },
      'a: breach[0]: expected exactly one of above, below and equals, got {"above":5,"below":3}',
    ],
    [{ breach: [] }, expect.stringMatching(/^a: breach: /)],
    [
      { levels: [{ severity: 'major', raise: 100, clear: 25 }] },
      'a: levels[0].raise: expected 0 to below 100 percent, got 100',
    ],
    [{ across: 'any' }, expect.stringContaining('a: across: unknown setting')],
  ])('%j is refused: %s', (changes, problem: unknown) => {
    expect(problemsOf(() => rule(changes))).toContainEqual(problem);
  });
});
