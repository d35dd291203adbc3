import type { Budget } from './parse-budget.ts';
import type { Page } from './rehearsed.ts';

const HOUR_MS = 3_600_000;

/** Most pages in any sixty minutes. Pure. */
export function fullestHour(pages: readonly Pick<Page, 'atMs'>[]): number {
  return Math.max(0, ...hours(pages));
}

/** How much the hours that begin with a page are over the budget, all together: less is nearer to it. Pure. */
export function excess(pages: readonly Pick<Page, 'atMs'>[], { pagesPerHour }: Budget): number {
  return hours(pages).reduce((sum, count) => sum + Math.max(0, count - pagesPerHour), 0);
}

function hours(pages: readonly Pick<Page, 'atMs'>[]): readonly number[] {
  return pages.map(
    ({ atMs }) => pages.filter((other) => other.atMs >= atMs && other.atMs < atMs + HOUR_MS).length,
  );
}
