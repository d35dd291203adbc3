import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { batchOf, liveContext, ruleFile, ruleOf } from '../testing/batches-and-rules.ts';
import { EngineHarness, S, START } from '../testing/engine-harness.ts';

let harness: EngineHarness;
beforeEach(() => {
  harness = new EngineHarness();
});
afterEach(() => harness.end());

const field = { measurement: 'device', field: 'reachable', op: 'equals', entity: ['device'] };
const levels = [{ severity: 'major', values: [false] }];
const down = ruleOf(
  'device_down',
  ruleFile({ ...field, levels, for: '0s', clearFor: '0s', interval: '30s' }),
);
const patient = ruleOf(
  'device_down',
  ruleFile({ ...field, levels, for: '1m', clearFor: '1m', interval: '30s' }),
);

const owned = new Map([['n-1', { unit: '26734', agent: 'owner', otherAgents: ['other'] }]]);

function say(atS: number, agent: string, isUp: boolean, lateS = 0): void {
  const rows = [{ tags: ['n-1'], timeMs: START + (atS - lateS) * S, values: [isUp] }];
  const shape = { measurement: 'device', tags: ['device'], fields: ['reachable'], agent, rows };
  harness.engine.observe(batchOf({ ...shape, seq: atS + 1 }), liveContext(START + atS * S));
}

describe('two agents that watch one device and disagree', () => {
  it("are decided by the owner in the inventory: the other's word is not needed", () => {
    harness.start([down], harness.database, { devices: () => owned });
    for (let atS = 0; atS < 3_600; atS += 30) {
      say(atS, 'owner', !(atS >= 600 && atS < 1_200));
      say(atS + 15, 'other', false);
    }
    expect(harness.events()).toEqual(['600 fired', '1200 resolved']);
  });

  it('are both believed once the owner says nothing any more: after three minutes the other decides', () => {
    harness.start([down], harness.database, { devices: () => owned });
    for (let atS = 0; atS < 1_200; atS += 30) {
      if (atS < 600) say(atS, 'owner', true);
      say(atS + 15, 'other', false);
    }
    expect(harness.events()).toEqual(['765 fired']);
  });

  it('where the owner does not measure it, the other is believed: a minute after a start, in which the owner could have spoken', () => {
    harness.start([down], harness.database, { devices: () => owned });
    for (let atS = 15; atS < 100; atS += 15) say(atS, 'other', false);
    expect(harness.events()).toEqual(['60 fired']);
  });

  it.each([
    ['at once', down, '15 fired'],
    ['after a minute', patient, '75 fired'],
  ])('and no inventory says who owns it: it is one alert for an hour, that fires %s', (_, rule, event) => {
    harness.start([rule]);
    for (let atS = 0; atS < 3_600; atS += 30) {
      say(atS, 'one', true);
      say(atS + 15, 'two', false);
    }
    expect(harness.events()).toEqual([event]);
  });

  it('ends when both say that it is well, also where one is a little slower', () => {
    harness.start([down]);
    for (let atS = 30; atS < 600; atS += 30) {
      say(atS, 'one', true);
      say(atS + 5, 'two', atS >= 300, 10);
    }
    expect(harness.events()).toEqual(['25 fired', '300 resolved']);
  });

  it('and go on disagreeing after a kill: still one alert', async () => {
    harness.start([down]);
    for (let atS = 0; atS < 600; atS += 30) {
      say(atS, 'one', true);
      say(atS + 15, 'two', false);
      harness.engine.tick(START + (atS + 15) * S);
      await harness.clock.advance(30 * S);
      if (atS === 300) harness.restart([down]);
    }
    expect(harness.events()).toEqual(['15 fired']);
  });
});
