import { describe, expect, it } from 'vitest';
import { Series, seriesNote } from './series.ts';
import { SeriesRegistry, seriesThatFit, type AgentSeries } from './series-registry.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Sends one row of each device, as the validator does. */
function send(agent: AgentSeries, ...devices: string[]): (Series | undefined)[] {
  return devices.map((device) => {
    const known = agent.find('ping', [device]);
    if (known !== undefined) return agent.take(known) ? known : undefined;
    return agent.add('ping', [device]);
  });
}

describe('the series of an agent', () => {
  it('are the same objects in every batch', () => {
    const registry = new SeriesRegistry();
    const first = send(registry.of('gw-1', 0), 'a', 'b');
    expect(send(registry.of('gw-1', 1), 'b', 'a')).toEqual([...first].reverse());
    expect(send(registry.of('gw-2', 1), 'a')[0]).not.toBe(first[0]);
  });

  it('are expected in the order in which they came last', () => {
    const agent = new SeriesRegistry().of('gw-1', 0);
    const [a, b, c] = send(agent, 'a', 'b', 'c');
    send(agent, 'a');
    expect(agent.expected).toBe(b);
    send(agent, 'c');
    expect(agent.expected).toBe(a);
    send(agent, 'a');
    expect(agent.expected).toBe(c);
  });

  it('may be so many within an hour, and as many others in the next', () => {
    const registry = new SeriesRegistry({ maxSeriesPerAgent: 2 });
    expect(send(registry.of('gw-1', 0), 'a', 'b', 'c')[2]).toBeUndefined();
    expect(send(registry.of('gw-1', HOUR_MS - 1), 'c', 'a')).toEqual([undefined, expect.any(Series)]);
    const later = send(registry.of('gw-1', HOUR_MS), 'c', 'd', 'a');
    expect(later.map((series) => series !== undefined)).toEqual([true, true, false]);
  });

  it('beyond their number are counted with the name of the agent, until they are asked for', () => {
    const registry = new SeriesRegistry({ maxSeriesPerAgent: 2 });
    send(registry.of('gw-1', 0), 'a', 'b', 'c', 'd');
    send(registry.of('gw-2', 0), 'a', 'b');
    // One that is known, and too many in the next hour.
    send(registry.of('gw-1', HOUR_MS), 'e', 'f', 'a');
    expect(registry.takeRefused()).toEqual([{ agent: 'gw-1', refused: 3 }]);
    expect(registry.takeRefused()).toEqual([]);
  });

  it('are counted again, too, when the clock is set back', () => {
    const registry = new SeriesRegistry({ maxSeriesPerAgent: 1 });
    send(registry.of('gw-1', 10 * HOUR_MS), 'a');
    expect(send(registry.of('gw-1', 0), 'b')[0]).toBeDefined();
  });
});

describe('what is forgotten', () => {
  const forgottenBy = (registry: SeriesRegistry): string[] => {
    const forgotten: string[] = [];
    registry.onForgotten(({ tags }) => forgotten.push(tags[0] ?? ''));
    return forgotten;
  };

  it('is each series that was not sent for one to two days, told once', () => {
    const registry = new SeriesRegistry();
    const forgotten = forgottenBy(registry);
    const [a] = send(registry.of('gw-1', 0), 'a', 'b');
    registry.forgetUnseen(DAY_MS - 1);
    registry.forgetUnseen(DAY_MS);
    expect(forgotten).toEqual([]);
    expect(send(registry.of('gw-1', DAY_MS + 1), 'a')[0]).toBe(a);
    registry.forgetUnseen(2 * DAY_MS);
    expect(forgotten).toEqual(['b']);
    registry.forgetUnseen(3 * DAY_MS);
    registry.forgetUnseen(4 * DAY_MS);
    expect(forgotten).toEqual(['b', 'a']);
  });

  it('is what an agent has above twice its maximum, the old ones first', () => {
    const registry = new SeriesRegistry({ maxSeriesPerAgent: 2 });
    const forgotten = forgottenBy(registry);
    for (let hour = 0; hour < 4; hour++) send(registry.of('gw-1', hour * HOUR_MS), `a${hour}`, `b${hour}`);
    expect(forgotten).toEqual(['a0', 'b0', 'a1', 'b1']);
  });

  it('is bounded, too, for an agent that repeats its old series and then adds new ones', () => {
    const registry = new SeriesRegistry({ maxSeriesPerAgent: 4 });
    const known = new Set<Series>();
    registry.onForgotten((series) => known.delete(series));
    for (let hour = 0, sent: string[] = []; hour < 30; hour++) {
      registry.forgetUnseen(hour * HOUR_MS);
      sent = [...sent.slice(-2), `a${hour}`, `b${hour}`];
      for (const series of send(registry.of('gw-1', hour * HOUR_MS), ...sent)) if (series) known.add(series);
      expect(known.size).toBeLessThanOrEqual(8);
    }
  });

  it('comes earlier for series with long texts', () => {
    const registry = new SeriesRegistry({ maxSeriesPerAgent: 10 });
    const long = 'x'.repeat(1_000);
    const taken = send(registry.of('gw-1', 0), ...[1, 2, 3, 4, 5].map((at) => `${long}${at}`));
    expect(taken.filter((series) => series !== undefined)).toHaveLength(3);
  });

  it('is, above the maximum of all, the agent with the oldest last batch', () => {
    const registry = new SeriesRegistry({ maxSeriesRemembered: 6 });
    const forgotten = forgottenBy(registry);
    send(registry.of('gw-1', 0), 'a', 'b');
    send(registry.of('gw-2', 0), 'c', 'd');
    send(registry.of('gw-1', 0), 'a');
    send(registry.of('gw-3', 0), 'e');
    expect(forgotten).toEqual(['c', 'd']);
    expect(registry.of('gw-1', 0).find('ping', ['a'])).toBeDefined();
  });

  it('comes earlier where the heap may take less', () => {
    expect(seriesThatFit(2 ** 29)).toBe(209_715);
    expect(seriesThatFit(2 ** 33)).toBe(1_000_000);
  });

  it('is never expected again', () => {
    const registry = new SeriesRegistry();
    send(registry.of('gw-1', 0), 'a', 'b', 'a');
    registry.forgetUnseen(DAY_MS);
    send(registry.of('gw-1', DAY_MS), 'a');
    registry.forgetUnseen(2 * DAY_MS);
    const agent = registry.of('gw-1', 2 * DAY_MS);
    send(agent, 'a');
    expect(agent.expected).toBeUndefined();
  });
});

it('a note is kept with its series, apart from the notes of others', () => {
  const [one, other] = [seriesNote<number>('one'), seriesNote<string>('other')];
  const [a, b] = [new Series('ping', ['a']), new Series('ping', ['b'])];
  one.set(a, 1);
  other.set(a, 'x');
  one.set(b, 2);
  one.set(a, 3);
  expect([one.of(a), other.of(a), one.of(b), other.of(b)]).toEqual([3, 'x', 2, undefined]);
});
