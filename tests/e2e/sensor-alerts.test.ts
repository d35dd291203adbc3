import { describe, expect, it } from 'vitest';
import type { AlertEngine } from '../../central/alerts/engine/engine.ts';
import { loadRules, SHIPPED_RULES_DIRECTORY } from '../../central/alerts/rules/load-rules.ts';
import { startEngine } from '../../central/alerts/testing/engine-harness.ts';
import { createValidator } from '../../central/ingest/validate/validator.ts';
import { openStateDatabase } from '../../central/state/database.ts';
import { decodeBatch, encodeBatch, encodeSamples } from '../../contract/codec.ts';
import { CATALOGUE } from '../../contract/measurements/index.ts';
import type { Sample } from '../../contract/sample.ts';
import { HeldStates } from '../../edge/collectors/environment/held-states.ts';
import { upsSamples } from '../../edge/collectors/ups/samples.ts';
import type { Clock } from '../../runtime/clock.ts';

const MINUTE_MS = 60_000;
const FROM_MS = Date.UTC(2026, 10, 24, 3);

/** The shipped rules over samples of minute after minute: what stood raised at the end of each, as `rule severity`. */
function alertsByMinute(minutes: number, samplesAt: (minute: number, timeMs: number) => readonly Sample[]) {
  let nowMs = FROM_MS;
  const clock: Clock = { now: () => nowMs, monotonicMs: () => nowMs, sleep: () => Promise.resolve() };
  const database = openStateDatabase(':memory:');
  // A real agent sends more than one sensor's values: whether it is absent is not tested here.
  const rules = loadRules(SHIPPED_RULES_DIRECTORY, CATALOGUE).filter(({ id }) => id !== 'agent_silent');
  const { engine } = startEngine({ rules, database, clock });
  const validator = createValidator(CATALOGUE);
  const raised = Array.from({ length: minutes }, (_unused, minute) => {
    nowMs = FROM_MS + minute * MINUTE_MS;
    const samples = samplesAt(minute, nowMs);
    if (samples.length > 0) observe(engine, validator, { samples, seq: minute + 1, nowMs });
    engine.tick(nowMs);
    return engine
      .list({ state: 'active', limit: 100 })
      .items.map(({ rule, severity }) => `${rule} ${severity}`)
      .sort();
  });
  database.close();
  return raised;
}

function observe(
  engine: AlertEngine,
  validator: ReturnType<typeof createValidator>,
  { samples, seq, nowMs }: { samples: readonly Sample[]; seq: number; nowMs: number },
): void {
  const [body] = encodeSamples(samples).bodies;
  const header = { epoch: 'epoch001', seq, lowest: 1, sentAtMs: nowMs, backfill: false };
  const { tables, refusals } = validator.validate(
    'gw-1',
    decodeBatch(encodeBatch(header, body!.bytes)),
    nowMs,
  );
  expect(refusals).toEqual([]);
  engine.observe(
    { agent: 'gw-1', epoch: header.epoch, seq, tables },
    { receivedAtMs: nowMs, sentAtMs: nowMs, backfill: false },
  );
}

describe('the shipped rules', () => {
  it('see a power cut on a UPS of a NUT server as on one over SNMP', () => {
    const identity = { upsName: 'eaton', device: 'ups-1' };
    const raised = alertsByMinute(60, (minute, timeMs) => {
      const isCut = minute >= 5 && minute < 30;
      const variables = new Map([
        ['ups.status', isCut ? (minute >= 25 ? 'OB LB' : 'OB') : 'OL'],
        ['battery.charge', String(isCut ? 100 - (minute - 5) * 4 : 100)],
        ['battery.runtime', String(isCut ? (30 - minute) * 60 : 1_800)],
      ]);
      return upsSamples(variables, identity, { host: 'gw-1' }, timeMs).samples;
    });
    expect(raised[4]).toEqual([]);
    expect(raised[5]).toEqual(['power_on_battery minor']);
    expect(raised[17]).toEqual(['power_on_battery minor', 'power_runtime_low critical']);
    expect(raised[29]).toEqual(['battery_low major', 'power_on_battery minor', 'power_runtime_low critical']);
    expect(raised.at(-1)).toEqual([]);
  });

  it('see water and smoke at once, an open door after a quarter of an hour, and the end of each, though the sensors speak once', () => {
    const held = new HeldStates(180 * MINUTE_MS);
    const said: Readonly<Record<number, readonly (readonly [string, Record<string, boolean>])[]>> = {
      1: [['leak-1', { water_leak: true }]],
      3: [
        ['smoke-1', { smoke: true }],
        ['door-1', { door_open: true }],
      ],
      5: [['door-2', { door_open: true }]],
      9: [['door-2', { door_open: false }]],
      30: [
        ['leak-1', { water_leak: false }],
        ['smoke-1', { smoke: false }],
        ['door-1', { door_open: false }],
      ],
    };
    const raised = alertsByMinute(60, (minute, timeMs) => {
      const fresh = (said[minute] ?? []).map(([device, fields]): Sample => ({
        measurement: 'environment',
        tags: { host: 'gw-1', device },
        fields,
        timeMs,
      }));
      for (const sample of fresh) held.record(sample, timeMs);
      return [...fresh, ...held.report('environment', timeMs)];
    });
    expect(raised[0]).toEqual([]);
    expect(raised[1]).toEqual(['room_water critical']);
    expect(raised[17]).toEqual(['room_smoke critical', 'room_water critical']);
    expect(raised[18]).toEqual(['room_door warning', 'room_smoke critical', 'room_water critical']);
    expect(raised[30]).toEqual(['room_door warning', 'room_smoke critical', 'room_water critical']);
    expect(raised[35]).toEqual([]);
    expect(raised.at(-1)).toEqual([]);
  });

  it('see a hot and a damp room', () => {
    const raised = alertsByMinute(60, (_minute, timeMs) => [
      {
        measurement: 'environment',
        tags: { host: 'gw-1', device: 'rack-1', sensor: 'AM2301' },
        fields: { temperature_celsius: 33, humidity_pct: 85 },
        timeMs,
      },
    ]);
    expect(raised[5]).toEqual([]);
    expect(raised.at(-1)).toEqual(['inlet_hot major', 'room_humidity_high warning']);
  });
});
