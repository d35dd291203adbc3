import { expect, it } from 'vitest';
import { InForce, type Span } from './in-force.ts';

/** Opens for a second, every ten. */
const everyTen = { id: 'ten' };
const spanOf = (_entry: object, nowMs: number): Span => {
  const fromMs = Math.floor(nowMs / 10) * 10;
  return nowMs < fromMs + 1 ? { fromMs, toMs: fromMs + 1 } : { fromMs: fromMs + 10, toMs: fromMs + 11 };
};

it('is made anew when something begins or ends, and not in between', () => {
  let made = 0;
  const inForce = new InForce({
    all: () => [everyTen],
    spanOf,
    index: (open) => {
      made++;
      return open.length;
    },
  });
  const open = Array.from({ length: 40 }, (_, half) => inForce.at(half / 2));
  expect(open).toEqual(Array.from({ length: 40 }, (_, half) => (half % 20 < 2 ? 1 : 0)));
  expect(made).toBe(4);
});

it('is right also where the clock is set back, whatever has changed meanwhile', () => {
  const inForce = new InForce({ all: () => [everyTen], spanOf, index: (open) => open.length });
  expect([inForce.at(0.5), inForce.at(25), inForce.at(10)]).toEqual([1, 0, 1]);
  expect(inForce.at(25)).toBe(0);
  inForce.changed();
  expect(inForce.at(0)).toBe(1);
});
