import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Service } from '../../../contract/inventory.ts';
import { because } from '../../../contract/reasons/reason-codes.ts';
import { inEnglish } from '../reasons/english.ts';
import { judgeServices, type ServiceFinding } from './judge-services.ts';
import { groupServices } from './service-groups.ts';
import type { ThingState } from './thing-state.ts';

type States = Readonly<Record<string, ThingState['state'] | ThingState>>;

function judge(needs: Readonly<Record<string, Service['needs']>>, states: States = {}) {
  const services = new Map(Object.entries(needs).map(([id, of]) => [id, { id, name: id, needs: of }]));
  return judgeServices(groupServices(services), (ref) => {
    const state = states[ref] ?? 'up';
    return typeof state === 'string' ? { state, roots: [] } : state;
  });
}

function lineOf(found: ReadonlyMap<string, ServiceFinding>, id: string): string {
  const { state, reasons } = found.get(id)!;
  const reason = inEnglish(reasons);
  return `${id} ${state}: ${reason}`;
}

const SBCS = ['device:sbc-1', 'device:sbc-2', 'device:sbc-3'];

describe('a city service', () => {
  it('is up while all that it needs is up', () => {
    expect(lineOf(judge({ mail: ['device:sv-1', { anyOf: SBCS }] }), 'mail')).toBe(
      'mail up: all that it needs is up',
    );
  });

  it('is degraded when a choice has lost members and has enough left', () => {
    const found = judge({ '1022': [{ anyOf: SBCS, atLeast: 2 }] }, { 'device:sbc-2': 'down' });
    expect(lineOf(found, '1022')).toBe('1022 degraded: sbc-2 down');
    expect(found.get('1022')?.roots).toEqual(['device:sbc-2']);
  });

  it('is down when a choice has too few members left', () => {
    const states: States = { 'device:sbc-2': 'down', 'device:sbc-3': 'unreachable' };
    expect(lineOf(judge({ '1022': [{ anyOf: SBCS, atLeast: 2 }] }, states), '1022')).toBe(
      '1022 down: sbc-2 down; sbc-3 unreachable; 1 of 2 needed left',
    );
  });

  it('is down with a single thing that it needs, and names what that comes from', () => {
    const cut: ThingState = { state: 'unreachable', roots: ['site:hub-03'], sinceMs: 5_000 };
    const found = judge({ mail: ['device:sv-1'] }, { 'device:sv-1': cut });
    expect(found.get('mail')).toEqual({
      state: 'down',
      reasons: [because('need_because', { id: 'sv-1', state: 'unreachable', root: 'hub-03' })],
      roots: ['site:hub-03'],
      changedAtMs: 5_000,
    });
  });

  it('is unknown when nobody can tell whether enough is left', () => {
    const states: States = { 'device:sbc-1': 'unknown', 'device:sbc-2': 'down' };
    const found = judge({ '1022': [{ anyOf: SBCS, atLeast: 2 }] }, states);
    expect(lineOf(found, '1022')).toBe('1022 unknown: sbc-1 unknown; sbc-2 down');
    expect(judge({ mail: ['device:sv-1'] }, { 'device:sv-1': 'unknown' }).get('mail')?.state).toBe('unknown');
  });

  it('is up with members of a choice that nobody can tell of, if enough others are up, and says so', () => {
    const found = judge({ '1022': [{ anyOf: SBCS, atLeast: 2 }] }, { 'device:sbc-1': 'unknown' });
    expect(lineOf(found, '1022')).toBe('1022 up: enough is up; sbc-1 unknown');
    expect(found.get('1022')?.roots).toEqual([]);
  });

  it('is as bad as the worst of its needs: certain before not known before degraded', () => {
    const needs: Service['needs'] = ['device:a', 'pool:b', 'link:c'];
    const states: States = { 'device:a': 'unknown', 'pool:b': 'degraded', 'link:c': 'down' };
    expect(lineOf(judge({ x: needs }, states), 'x')).toBe('x down: c down');
    expect(lineOf(judge({ x: needs.slice(0, 2) }, states), 'x')).toBe('x unknown: a unknown');
    expect(lineOf(judge({ x: needs.slice(1, 2) }, states), 'x')).toBe('x degraded: b degraded');
  });

  it('follows the services that it depends on, and names the root of the chain', () => {
    const found = judge(
      { portal: ['service:login'], login: ['service:mail'], mail: ['device:sv-1'] },
      { 'device:sv-1': 'down' },
    );
    expect(lineOf(found, 'portal')).toBe('portal down: login down because of sv-1');
    expect(found.get('portal')?.roots).toEqual(['device:sv-1']);
  });

  it('names three of many, and counts the others', () => {
    const many = Array.from({ length: 30 }, (_, at) => `device:d-${at}`);
    const states = Object.fromEntries(many.map((ref) => [ref, 'down' as const]));
    const found = judge({ x: [{ anyOf: many }] }, states);
    expect(lineOf(found, 'x')).toBe('x down: d-0 down; d-1 down; d-2 down; 27 more; 0 of 1 needed left');
    expect(found.get('x')?.roots).toHaveLength(20);
  });

  it('is down when more members are asked for than a choice has', () => {
    expect(lineOf(judge({ x: [{ anyOf: ['device:a'], atLeast: 2 }] }), 'x')).toBe(
      'x down: 1 of 2 needed left',
    );
  });
});

describe('services that depend on each other', () => {
  it('are named as a circle, and are up while everything else is', () => {
    const found = judge({ a: ['service:b'], b: ['service:c', 'device:d'], c: ['service:a'] });
    for (const id of ['a', 'b', 'c'])
      expect(found.get(id)).toMatchObject({ state: 'up', circle: ['a', 'b', 'c'] });
  });

  it('go down together, whichever of them was hit', () => {
    const found = judge(
      { a: ['service:b'], b: ['service:c', 'device:d'], c: ['service:a'], z: ['service:c'] },
      { 'device:d': { state: 'down', roots: [], sinceMs: 7 } },
    );
    for (const id of ['a', 'b', 'c', 'z'])
      expect(found.get(id)).toMatchObject({ state: 'down', roots: ['device:d'], changedAtMs: 7 });
    expect(found.get('z')).not.toHaveProperty('circle');
  });

  it('are judged in the end, where nothing but themselves is to blame', () => {
    const found = judge({
      a: ['service:b'],
      b: ['service:c'],
      c: [{ anyOf: ['service:a', 'service:x'], atLeast: 3 }],
      x: ['service:a', 'service:b'],
    });
    for (const id of ['a', 'b', 'c', 'x']) expect(found.get(id)).toMatchObject({ state: 'down', roots: [] });
  });

  it('may be one that names itself', () => {
    expect(judge({ a: ['service:a'] }).get('a')).toMatchObject({ state: 'up', circle: ['a'] });
  });

  it('are judged in a chain of 20,000', () => {
    const needs = Object.fromEntries(
      Array.from({ length: 20_000 }, (_, at) => [
        `s${at}`,
        [at === 19_999 ? 'device:d' : `service:s${at + 1}`],
      ]),
    );
    expect(judge(needs, { 'device:d': 'down' }).get('s0')?.state).toBe('down');
  });
});

/** The same said at length: states are raised one by one until all fit. */
function slowly(needs: Readonly<Record<string, Service['needs']>>, states: States): Record<string, string> {
  const order = ['up', 'degraded', 'unknown', 'down'];
  const now = Object.fromEntries(Object.keys(needs).map((id) => [id, 'up']));
  const of = (ref: string): string => {
    const own = ref.startsWith('service:') ? now[ref.slice(8)] : states[ref];
    return own === 'unreachable' ? 'down' : ((own as string | undefined) ?? 'up');
  };
  const should = (need: Service['needs'][number]): string => {
    if (typeof need === 'string') return of(need);
    const all = need.anyOf.map(of);
    const count = (...wanted: string[]): number => all.filter((state) => wanted.includes(state)).length;
    const atLeast = need.atLeast ?? 1;
    if (count('up', 'degraded', 'unknown') < atLeast) return 'down';
    if (count('up', 'degraded') < atLeast) return 'unknown';
    return count('down') > 0 || count('up') < atLeast ? 'degraded' : 'up';
  };
  for (let round = 0; round < 4 * Object.keys(needs).length; round++) {
    for (const [id, own] of Object.entries(needs)) {
      const indexes = own.map((need) => order.indexOf(should(need)));
      now[id] = order[Math.max(...indexes)]!;
    }
  }
  return now;
}

it('are as a slow reference says, for any services, circles included', () => {
  const refs = [...['a', 'b', 'c', 'd', 'e'].map((id) => `service:${id}`), 'device:1', 'site:2', 'pool:3'];
  const need = fc.oneof(
    fc.constantFrom(...refs),
    fc.record({
      anyOf: fc.array(fc.constantFrom(...refs), { minLength: 1, maxLength: 4 }),
      atLeast: fc.integer({ min: 1, max: 4 }),
    }),
  );
  const needs = fc.array(need, { minLength: 1, maxLength: 3 });
  const services = fc.record({ a: needs, b: needs, c: needs, d: needs, e: needs });
  const state = fc.constantFrom<ThingState['state']>('up', 'degraded', 'down', 'unreachable', 'unknown');
  const states = fc.record({ 'device:1': state, 'site:2': state, 'pool:3': state });
  fc.assert(
    fc.property(services, states, (of, given) => {
      const found = judge(of, given);
      const fast = Object.fromEntries([...found].map(([id, finding]) => [id, finding.state]));
      expect(fast).toEqual(slowly(of, given));
    }),
    { numRuns: 500 },
  );
});
