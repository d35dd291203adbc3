import type { Answers } from '../../api/answers.ts';
import { WORST_FIRST } from '../../parts/marks.tsx';

type City = Answers['/api/v1/city'];

/** What the wall shows beside its map, one after the other. */
export type WallPart =
  | { readonly is: 'incidents'; readonly items: City['incidents']['items'] }
  | { readonly is: 'units'; readonly items: City['units'] }
  | { readonly is: 'services'; readonly items: City['services'] }
  | { readonly is: 'capacity'; readonly items: City['pools']['soonest'] };

/** As many as fill the height in letters that are read from five metres. */
const ON_ONE_PAGE = { incidents: 3, units: 8, services: 8, capacity: 8 };
/** Nobody waits longer for the first page to come back. */
const MOST_PAGES = 4;

/** Incidents first, then what is not well, then services and what will be full; a sort without anything to tell has no page. Pure. */
export function wallPages({ incidents, units, services, pools }: City): readonly WallPart[] {
  const badUnits = worstFirst(units.filter(({ state }) => state !== 'up'));
  return [
    ...pagesOf(incidents.items, ON_ONE_PAGE.incidents).map((items) => ({ is: 'incidents' as const, items })),
    ...pagesOf(badUnits, ON_ONE_PAGE.units).map((items) => ({ is: 'units' as const, items })),
    ...pagesOf(worstFirst(services), ON_ONE_PAGE.services).map((items) => ({
      is: 'services' as const,
      items,
    })),
    ...pagesOf(pools.soonest, ON_ONE_PAGE.capacity).map((items) => ({ is: 'capacity' as const, items })),
  ];
}

/** The first of them; how many there are is told beside. */
function pagesOf<T>(items: readonly T[], size: number): readonly T[][] {
  const count = Math.min(MOST_PAGES, Math.ceil(items.length / size));
  return Array.from({ length: count }, (_each, at) => items.slice(at * size, (at + 1) * size));
}

function worstFirst<T extends { readonly state: (typeof WORST_FIRST)[number]; readonly sinceMs: number }>(
  items: readonly T[],
): T[] {
  return [...items].sort(
    (a, b) => WORST_FIRST.indexOf(a.state) - WORST_FIRST.indexOf(b.state) || a.sinceMs - b.sinceMs,
  );
}
