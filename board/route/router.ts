import { Cell, type Watched } from '../store/cell.ts';
import { parsePath, pathOfRoute, type Route } from './route.ts';

export type Filters = Readonly<Record<string, string>>;

export interface Place {
  readonly route: Route;
  /** What stands behind the `?`. */
  readonly filters: Filters;
}

type Browser = Pick<Window, 'location' | 'history' | 'addEventListener' | 'scrollTo'>;

/** Where the page is, in step with the browser's address and its history. */
export class Router {
  readonly #browser: Browser;
  readonly #place: Cell<Place>;

  constructor(browser: Browser) {
    this.#browser = browser;
    this.#place = new Cell(this.#read());
    browser.addEventListener('popstate', () => this.#place.set(this.#read()));
  }

  get place(): Watched<Place> {
    return this.#place;
  }

  /** To the begin of another page; on the way back the browser finds the place itself. */
  go(route: Route, filters: Filters = {}): void {
    this.#browser.history.pushState(undefined, '', addressOf(route, filters));
    this.#browser.scrollTo(0, 0);
    this.#place.set(this.#read());
  }

  /** Without a new entry in the history: each letter of a search is not a place to go back to. */
  filter(filters: Filters): void {
    const { route } = this.#place.get();
    this.#browser.history.replaceState(undefined, '', addressOf(route, filters));
    this.#place.set(this.#read());
  }

  #read(): Place {
    const { pathname, search } = this.#browser.location;
    return { route: parsePath(pathname), filters: Object.fromEntries(new URLSearchParams(search)) };
  }
}

/** Filters without a value are left out. Pure. */
export function addressOf(route: Route, filters: Filters = {}): string {
  const search = new URLSearchParams(Object.entries(filters).filter(([, value]) => value !== '')).toString();
  return search === '' ? pathOfRoute(route) : `${pathOfRoute(route)}?${search}`;
}
