import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ConnectionPlaces, MAX_CONNECTIONS_OF_A_SENDER } from './connection-places.ts';

it('a sender that comes again and again loses the connection on which it was silent for longest', () => {
  const places = new ConnectionPlaces<string>(100);
  for (const [at, name] of ['a', 'b', 'c', 'd'].entries())
    expect(places.add(name, 'sw-1', at)).toBeUndefined();
  places.noteHeard('a', 10);
  expect(places.add('e', 'sw-1', 11)).toEqual({ connection: 'b', device: 'sw-1', why: 'of-its-own' });
  expect(places.all).toEqual(['a', 'c', 'd', 'e']);
});

it('where all places are taken, who has most gives one up, and not who has one', () => {
  const places = new ConnectionPlaces<string>(4);
  places.add('only', 'sw-1', 0);
  for (const at of [1, 2, 3]) places.add(`many-${at}`, 'sw-2', at);
  expect(places.add('new', 'sw-3', 5)).toEqual({ connection: 'many-1', device: 'sw-2', why: 'of-all' });
  expect(places.add('another', 'sw-4', 6)).toEqual({ connection: 'many-2', device: 'sw-2', why: 'of-all' });
  places.remove('many-3');
  expect(places.add('more', 'sw-5', 7)).toBeUndefined();
});

it('whoever comes, no sender is without a connection that it had, and the bounds hold', () => {
  const steps = fc.array(fc.nat(19), { maxLength: 300 });
  fc.assert(
    fc.property(steps, (senders) => {
      const places = new ConnectionPlaces<number>(24);
      const owner = new Map<number, string>();
      for (const [at, sender] of senders.entries()) {
        const device = `sw-${sender}`;
        owner.set(at, device);
        const leaving = places.add(at, device, at);
        const counts = new Map<string, number>();
        for (const each of places.all) {
          const name = owner.get(each) ?? '';
          counts.set(name, (counts.get(name) ?? 0) + 1);
        }
        expect(places.all.length).toBeLessThanOrEqual(24);
        expect(Math.max(...counts.values())).toBeLessThanOrEqual(MAX_CONNECTIONS_OF_A_SENDER);
        expect(counts.size).toBe(new Set(senders.slice(0, at + 1)).size);
        if (leaving !== undefined) expect(counts.get(leaving.device)).toBeGreaterThan(0);
      }
    }),
    { numRuns: 300 },
  );
});
