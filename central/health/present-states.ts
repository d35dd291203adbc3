/** The state of one thing of the inventory, as the city's states have it. */
export interface PresentState {
  readonly state: 'up' | 'down' | 'unreachable' | 'unknown';
  /** Unix time, ms. */
  readonly sinceMs: number;
  /** Of what is unreachable: what is down or cut, such as `site:hub-03`. */
  readonly roots: readonly string[];
}

/** What this floor reads of the states of devices, sites, links and units. */
export interface PresentStates {
  /** undefined: nothing of that name is expected today. */
  momentOf(ref: string): PresentState | undefined;
  list(kind: 'device' | 'site' | 'link'): Iterable<readonly [ref: string, state: PresentState]>;
}
