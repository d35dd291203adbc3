import { describe, expect, it } from 'vitest';
import type { Sample } from '../../contract/sample.ts';
import { HeldStates } from '../../edge/collectors/environment/held-states.ts';
import { alertsByMinute } from '../support/alerts-by-minute.ts';

const MINUTE_MS = 60_000;

describe('the shipped rules', () => {
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
