/** What can be found, in the order in which equally good hits are shown. */
export const SEARCH_KINDS = [
  'unit',
  'former-unit',
  'site',
  'service',
  'agency',
  'device',
  'agent',
  'link',
  'pool',
  'interface',
] as const;
export type SearchKind = (typeof SEARCH_KINDS)[number];

/** An object of the inventory and what is found of it; undefined: that depends on others, too, and is made anew each time. */
export type SearchSource = readonly [source: object | undefined, entry: () => SearchEntry];

/** One thing of the inventory, as it is found. */
export interface SearchEntry {
  readonly kind: SearchKind;
  readonly id: string;
  /** The first is shown; none: the id is. */
  readonly names: readonly string[];
  /** Other words that it is found by. */
  readonly also?: readonly string[];
  /** Of a port or a pool: what it is at and whose it is, such as `site:dc-1`. */
  readonly belongsTo?: readonly (readonly [kind: 'device' | 'site' | 'agency', id: string])[];
  /** Of a former unit: codes of the units that its land belongs to today. */
  readonly todaysUnits?: readonly string[];
}
