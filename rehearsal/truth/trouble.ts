import type { Fault } from '../../simulators/city/faults.ts';

/** Something that is wrong with the city, and what central owes its operators because of it. Times are Unix ms. */
export interface Trouble {
  /** That it follows from; undefined: it is none of `faultsBetween()`, but one that the day adds to the city. */
  readonly fault: Fault | undefined;
  readonly kind: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** What may be named as its root, such as `device:n-1`: naming anything else is naming it wrongly. */
  readonly roots: ReadonlySet<string>;
  /** What shows its symptoms. */
  readonly reach: ReadonlySet<string>;
  /** Ids of rules that may tell of it, or their beginnings (`power_*`). Others find something that is not there. */
  readonly symptoms: readonly string[];
  /** Until when symptoms may still begin: what was cut off comes back, counters and batteries recover. */
  readonly aftermathMs: number;
  /** undefined: central cannot know of it, or nobody has to be told. */
  readonly due: Due | undefined;
}

export interface Due {
  /** Of these at least one has to fire. */
  readonly rules: readonly string[];
  /** Since when it can be seen at central. */
  readonly visibleFromMs: number;
  /** Until when it can be seen without a break. */
  readonly visibleToMs: number;
  /** Somebody is to be told by then. */
  readonly byMs: number;
  /** It began behind a cut: what was cut off has some minutes to come back before what is still silent is told. */
  readonly isMasked: boolean;
  /** The first level of its rules is `major` or above: a line on a list does not tell of it. */
  readonly isPaged: boolean;
  /** That fall silent. */
  readonly sites: number;
}

export function isSymptom({ symptoms }: Pick<Trouble, 'symptoms'>, rule: string): boolean {
  return symptoms.some((name) => (name.endsWith('*') ? rule.startsWith(name.slice(0, -1)) : rule === name));
}
