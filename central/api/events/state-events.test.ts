import { describe, expect, it } from 'vitest';
import type { FollowedChange } from '../../health/states/history/followed-states.ts';
import { EMPTY_INVENTORY } from '../../inventory/inventory.ts';
import { EventLog, type CityEvent } from './event-log.ts';
import { tellStates } from './state-events.ts';

const PLACE = { longitude: 106.69, latitude: 10.79 };
const hub = { id: 'hub-03', unit: '26737', name: 'Hub 3', kind: 'hub', ...PLACE } as const;
const node = { id: 'n-1', kind: 'node', site: 'hub-03', unit: '26737', agent: 'gw-1' } as const;
const INVENTORY = {
  ...EMPTY_INVENTORY,
  sites: new Map([[hub.id, hub]]),
  devices: new Map([[node.id, node]]),
};

function open(capacity: number) {
  const log = new EventLog({ capacity, run: '00000000', nowMs: 0 });
  let tell: (changes: readonly FollowedChange[]) => void = () => undefined;
  const source = {
    list: () => [],
    restore: () => undefined,
    onChange: (listener: typeof tell) => (tell = listener),
  };
  tellStates([source], log, INVENTORY);
  const read = (): readonly CityEvent[] =>
    (log.read(Math.max(0, log.newest - capacity), capacity) ?? []).map(({ event }) => event);
  return { log, read, tell: (...changes: FollowedChange[]) => tell(changes) };
}

const up = { state: 'up', sinceMs: 5, roots: [] } as const;
const cut = { state: 'unreachable', sinceMs: 9, roots: ['site:hub-03'] } as const;

describe('a state that changes', () => {
  it('is told with its place, what it was, what it is and what it comes from', () => {
    const { read, tell } = open(10);
    tell(
      { ref: 'device:n-1', before: up, after: cut, atMs: 10 },
      {
        ref: 'service:1022',
        before: up,
        after: { state: 'degraded', sinceMs: 9, roots: ['site:hub-03'] },
        atMs: 10,
      },
      { ref: 'unit:26737', before: up, after: undefined, atMs: 10 },
    );
    expect(read()).toEqual([
      {
        ...{ kind: 'state', atMs: 10, unit: '26737', site: 'hub-03', device: 'n-1' },
        detail: { ref: 'device:n-1', before: 'up', state: 'unreachable', sinceMs: 9, roots: ['site:hub-03'] },
      },
      {
        ...{ kind: 'state', atMs: 10 },
        detail: { ref: 'service:1022', before: 'up', state: 'degraded', sinceMs: 9, roots: ['site:hub-03'] },
      },
      { ...{ kind: 'state', atMs: 10, unit: '26737' }, detail: { ref: 'unit:26737', before: 'up' } },
    ]);
  });

  it('is not told of what is expected anew and not known yet', () => {
    const { read, tell } = open(10);
    tell({ ref: 'site:hub-03', before: undefined, after: { ...cut, state: 'unknown' }, atMs: 10 });
    expect(read()).toEqual([]);
  });

  it('is one small event each in a cut of the whole city, and the oldest make room', () => {
    const { log, read, tell } = open(20_000);
    const roots = Array.from({ length: 8 }, (_, at) => `site:${'h'.repeat(60)}-${at}`);
    const lost = (at: number): FollowedChange => {
      return { ref: `device:n-${at}`, before: up, after: { ...cut, roots }, atMs: at };
    };
    tell(...Array.from({ length: 25_000 }, (_, at) => lost(at)));
    expect(log.newest).toBe(25_000);
    const kept = read();
    expect([kept.length, kept[0]?.atMs]).toEqual([20_000, 5_000]);
    for (const event of kept) expect(JSON.stringify(event).length).toBeLessThan(1_000);
  });
});
