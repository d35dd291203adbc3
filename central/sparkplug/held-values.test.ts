import { describe, expect, it } from 'vitest';
import type { Sample } from '../../contract/sample.ts';
import { HeldValues } from './held-values.ts';

const tags = { device: 'room' };
const room = (fields: Sample['fields']): Sample => ({ measurement: 'environment', tags, fields, timeMs: 1 });

describe('values that hold', () => {
  it('are said again when they have not been said for half a minute', () => {
    const held = new HeldValues();
    held.hold('d', [room({ smoke: true, temperature_celsius: 20 })], 0);
    held.hold('d', [room({ temperature_celsius: 21 })], 10_000);
    expect(held.due(39_999, 5)).toEqual([]);
    expect(held.due(40_000, 5)).toEqual([{ ...room({ smoke: true, temperature_celsius: 21 }), timeMs: 5 }]);
    expect(held.due(69_999, 6)).toEqual([]);
    expect(held.due(70_000, 6)).toHaveLength(1);
  });

  it('do so no more once they are null or bad', () => {
    const held = new HeldValues();
    held.hold('d', [room({ smoke: true, temperature_celsius: 20 })], 0);
    held.release('d', [{ measurement: 'environment', field: 'smoke', tags }]);
    expect(held.due(30_000, 5)).toMatchObject([{ fields: { temperature_celsius: 20 } }]);
    held.release('d', [{ measurement: 'environment', field: 'temperature_celsius', tags }]);
    expect(held.due(90_000, 5)).toEqual([]);
  });

  it('go with their device, or all together', () => {
    const held = new HeldValues();
    held.hold('d', [room({ smoke: true })], 0);
    held.hold(undefined, [{ ...room({ smoke: false }), tags: { device: 'node' } }], 0);
    held.forget('d');
    expect(held.due(30_000, 5)).toMatchObject([{ tags: { device: 'node' } }]);
    held.clear();
    expect(held.due(90_000, 5)).toEqual([]);
  });

  it('are bounded in number', () => {
    const held = new HeldValues();
    const many = Array.from({ length: 10_100 }, (_, at) => ({
      ...room({ smoke: true }),
      tags: { device: `d${at}` },
    }));
    held.hold('d', many, 0);
    expect(held.due(30_000, 5)).toHaveLength(10_000);
  });

  it('are bounded in what their texts take, and those let go make room', () => {
    const held = new HeldValues();
    const text = (at: number, length: number): Sample => ({
      ...room({ state: 'x'.repeat(length), smoke: true }),
      tags: { device: `d${at}` },
    });
    const many = Array.from({ length: 5_000 }, (_, at) => text(at, 1_024));
    held.hold('d', many, 0);
    const texts = (atMs: number): number =>
      held.due(atMs, 5).filter(({ fields }) => fields['state'] !== undefined).length;
    expect(texts(30_000)).toBe(256);
    // What was said before holds no longer, even where the new text finds no room.
    held.hold('d', [text(0, 10), text(1, 1_024), text(2, 3_000)], 40_000);
    expect(texts(90_000)).toBe(255);
    held.release('d', [{ measurement: 'environment', field: 'state', tags: { device: 'd3' } }]);
    held.hold('d', [text(4_000, 1_024), text(4_001, 1_024), text(4_002, 1_024)], 100_000);
    expect(texts(150_000)).toBe(256);
    held.forget('d');
    held.hold('d', many, 200_000);
    expect(texts(300_000)).toBe(256);
    held.clear();
    held.hold('d', many, 300_000);
    expect(texts(400_000)).toBe(256);
  });
});
