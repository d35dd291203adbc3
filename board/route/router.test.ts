import { expect, it } from 'vitest';
import { addressOf, Router } from './router.ts';

/** A browser's address and history, as far as the router reads them. */
function browserAt(address: string) {
  const entries = [address];
  const scrolls: number[] = [];
  let onPop = (): void => undefined;
  const browser = {
    get location() {
      return new URL(entries.at(-1)!, 'http://board');
    },
    history: {
      pushState: (_state: unknown, _title: string, to: string) => entries.push(to),
      replaceState: (_state: unknown, _title: string, to: string) => entries.splice(-1, 1, to),
    },
    scrollTo: (_x: number, y: number) => scrolls.push(y),
    addEventListener: (_name: string, listener: () => void) => (onPop = listener),
  };
  const back = (): void => {
    entries.pop();
    onPop();
  };
  return { browser: browser as unknown as Window, entries, scrolls, back };
}

it('goes to a place, filters it without a new entry, and comes back', () => {
  const { browser, entries, scrolls, back } = browserAt('/');
  const router = new Router(browser);
  const seen: string[] = [];
  router.place.subscribe(() => seen.push(router.place.get().route.page));
  router.go({ page: 'incidents' }, { severity: 'major' });
  router.filter({ severity: 'major', q: 'thủ đức' });
  expect(router.place.get()).toEqual({
    route: { page: 'incidents' },
    filters: { severity: 'major', q: 'thủ đức' },
  });
  expect(entries).toHaveLength(2);
  expect(scrolls, 'a filter leaves the reader where they are').toEqual([0]);
  back();
  expect(router.place.get().route).toEqual({ page: 'city' });
  expect(seen).toEqual(['incidents', 'incidents', 'city']);
});

it('leaves out filters without a value', () => {
  expect(addressOf({ page: 'incidents' }, { q: '', state: 'open' })).toBe('/incidents?state=open');
});
