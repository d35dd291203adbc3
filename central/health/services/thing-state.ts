/**
 * How something of the inventory is, as whatever depends on it sees it. `unreachable`: all ways to it are cut. `unknown`:
 * nobody can tell.
 */
export interface ThingState {
  readonly state: 'up' | 'degraded' | 'down' | 'unreachable' | 'unknown';
  /** What it comes from, such as `site:hub-03`; none: from itself. */
  readonly roots: readonly string[];
  /** Unix time, ms; undefined: not known. */
  readonly sinceMs?: number | undefined;
  /** Of a pool: the resources that nobody measures, and those that are used up. */
  readonly lacks?: { readonly unmeasured: readonly string[]; readonly full: readonly string[] };
}

/** `ref`: kind and id of a device, site, link or pool, such as `device:sbc-1`. */
export type StateOf = (ref: string) => ThingState;

/** The id in a reference, such as `sbc-1` in `device:sbc-1`. */
export function idIn(ref: string): string {
  return ref.slice(ref.indexOf(':') + 1);
}
