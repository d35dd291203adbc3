import type { RouteOptions } from 'fastify';

interface KnownRoute {
  readonly parts: readonly string[];
  readonly methods: readonly string[];
}

/** Which methods the paths have, for answers to those that they do not have (RFC 9110, 15.5.6). */
export class AllowedMethods {
  readonly #routes: KnownRoute[] = [];

  /** The one of the board takes what no other does, and is no path of its own. */
  add({ url, method }: Pick<RouteOptions, 'url' | 'method'>): void {
    if (url === '/*') return;
    this.#routes.push({ parts: partsOf(url), methods: [method].flat().map(String) });
  }

  /** Sorted; none: there is no such path. `path`: as requested, without its query. */
  of(path: string): readonly string[] {
    const parts = partsOf(path);
    const methods = this.#routes
      .filter((route) => isSame(route.parts, parts))
      .flatMap((route) => route.methods);
    return [...new Set(methods)].sort();
  }
}

function partsOf(path: string): readonly string[] {
  return path.split('/').filter((part, at, all) => part !== '' || (at > 0 && at < all.length - 1));
}

/** As the router: `:name` is one part of a path, `*` at the end all that follow. */
function isSame(route: readonly string[], path: readonly string[]): boolean {
  const isOpen = route.at(-1) === '*';
  if (isOpen ? path.length < route.length - 1 : path.length !== route.length) return false;
  return route.every((part, at) => {
    if (isOpen && at === route.length - 1) return true;
    return part.startsWith(':') ? path[at] !== '' : part === path[at];
  });
}
