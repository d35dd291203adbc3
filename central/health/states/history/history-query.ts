import { setImmediate } from 'node:timers/promises';
import type { Inventory } from '../../../inventory/inventory.ts';
import type { FollowedKind } from './followed-states.ts';
import type { StateHistory } from './state-history.ts';
import { addTimes, noTimes, type Range, type StateInterval, type StateTimes } from './state-intervals.ts';

/** Elements asked for at once; in between others have their turn. */
const READ_AT_ONCE = 500;

/** Which elements or services are meant. */
export interface ElementFilter {
  readonly of: FollowedKind;
  readonly id?: string | undefined;
  readonly unit?: string | undefined;
  readonly site?: string | undefined;
  readonly agency?: string | undefined;
  /** Kind in the inventory, such as `node` or `hub`. */
  readonly kind?: string | undefined;
}

/** What the inventory says of an element, as it is now. */
export interface Placed {
  readonly ref: string;
  readonly id: string;
  readonly name?: string | undefined;
  readonly kind?: string | undefined;
  readonly unit?: string | undefined;
  readonly site?: string | undefined;
  readonly agency?: string | undefined;
}

/** Pure. The elements that fit, in the order of their ids. */
export function findElements(inventory: Inventory, filter: ElementFilter): Placed[] {
  return placedOf(inventory, filter.of)
    .filter(
      (each) =>
        (filter.id === undefined || each.id === filter.id) &&
        (filter.unit === undefined || each.unit === filter.unit) &&
        (filter.site === undefined || each.site === filter.site) &&
        (filter.agency === undefined || each.agency === filter.agency) &&
        (filter.kind === undefined || each.kind === filter.kind),
    )
    .sort((a, b) => (a.ref < b.ref ? -1 : 1));
}

function placedOf(inventory: Inventory, of: FollowedKind): Placed[] {
  switch (of) {
    case 'device':
      return [...inventory.devices.values()].map(({ id, name, kind, unit, site, agency }) => {
        const owner = agency ?? inventory.sites.get(site)?.agency;
        return { ref: `device:${id}`, id, name, kind, unit, site, agency: owner };
      });
    case 'site':
      return [...inventory.sites.values()].map(({ id, name, kind, unit, agency }) => {
        return { ref: `site:${id}`, id, name, kind, unit, site: id, agency };
      });
    case 'link':
      return [...inventory.links.values()].map(({ id, kind, agency, ends }) => {
        const { site } = ends[0];
        return { ref: `link:${id}`, id, kind, agency, site, unit: inventory.sites.get(site)?.unit };
      });
    case 'unit':
      return [...inventory.units.values()].map(({ code, name, kind }) => {
        return { ref: `unit:${code}`, id: code, name, kind, unit: code };
      });
    case 'service':
      return [...inventory.services.values()].map(({ id, name, agency }) => {
        return { ref: `service:${id}`, id, name, agency };
      });
  }
}

/**
 * The intervals of each, in their order; not all at once, so that what arrives is not held up. What is not read at once waits until no
 * other such question is being answered; throws a TooManyQuestionsError.
 */
export async function* readIntervals(
  history: Pick<StateHistory, 'read' | 'turns'>,
  elements: readonly Placed[],
  range: Range,
): AsyncIterable<readonly [Placed, readonly StateInterval[]]> {
  const refs = elements.map(({ ref }) => ref);
  let release: (() => void) | undefined;
  try {
    for (let at = 0; at < elements.length;) {
      if (at > 0) {
        await setImmediate();
        release ??= await history.turns.take();
      }
      const found = history.read(refs.slice(at, at + READ_AT_ONCE), range);
      for (const element of elements.slice(at, at + found.size))
        yield [element, found.get(element.ref) ?? []];
      at += found.size;
    }
  } finally {
    release?.();
  }
}

/** The times of all elements of one group. */
export interface GroupTimes {
  readonly key: string;
  readonly elements: readonly Placed[];
  /** Of each part of the time. */
  readonly parts: readonly StateTimes[];
}

/**
 * How long the elements of each group were in each state, by `keyOf`; those without a key are left out. In the order of the keys.
 * `edgesMs`: where the parts of the time begin, and where the last one ends.
 */
export async function readTimes(
  history: Pick<StateHistory, 'read' | 'turns'>,
  elements: readonly Placed[],
  edgesMs: readonly number[],
  keyOf: (element: Placed) => string | undefined,
): Promise<GroupTimes[]> {
  const [fromMs = 0, toMs = fromMs] = [edgesMs[0], edgesMs.at(-1)];
  const groups = new Map<string, { elements: Placed[]; parts: readonly StateTimes[] }>();
  for await (const [element, intervals] of readIntervals(history, elements, { fromMs, toMs })) {
    const key = keyOf(element);
    if (key === undefined) continue;
    const group = groups.get(key) ?? { elements: [], parts: edgesMs.slice(1).map(noTimes) };
    groups.set(key, group);
    group.elements.push(element);
    addTimes(group.parts, edgesMs, intervals);
  }
  return [...groups].map(([key, group]) => ({ key, ...group })).sort((a, b) => (a.key < b.key ? -1 : 1));
}
