import type { CityStates, StateChange, StateMoment } from './states/city-states.ts';
import type { State } from './states/state-view.ts';

export type TroubledKind = 'device' | 'site' | 'link';
type Trouble = Exclude<State, 'up'>;

/**
 * What is not up, by kind and state, followed as it changes: whoever looks at it each second need not walk over a whole city of which most is
 * up. Complete to half a second.
 */
export class TroubledElements {
  readonly #byKind: Readonly<Record<TroubledKind, Record<Trouble, Map<string, StateMoment>>>> = {
    device: noTrouble(),
    site: noTrouble(),
    link: noTrouble(),
  };
  /** Of each root, how many sites are unreachable because of it; undefined: to be counted anew. */
  #sitesBehind: ReadonlyMap<string, number> | undefined;

  constructor(states: Pick<CityStates, 'list' | 'onChange'>) {
    for (const kind of ['device', 'site', 'link'] as const)
      for (const [ref, moment] of states.list(kind)) this.#add(kind, ref, moment);
    states.onChange((changes) => {
      for (const change of changes) this.#follow(change);
    });
  }

  /** By reference, such as `site:hub-03`. */
  inState(kind: TroubledKind, state: Trouble): ReadonlyMap<string, StateMoment> {
    return this.#byKind[kind][state];
  }

  /** How many sites are unreachable because of it, itself included. */
  sitesBehind(ref: string): number {
    this.#sitesBehind ??= this.#countSites();
    return this.#sitesBehind.get(ref) ?? 0;
  }

  #follow({ ref, before, after }: StateChange): void {
    const kind = kindOf(ref);
    if (kind === undefined) return;
    if (before !== undefined && before.state !== 'up') this.#byKind[kind][before.state].delete(ref);
    if (after !== undefined) this.#add(kind, ref, after);
    if (kind === 'site') this.#sitesBehind = undefined;
  }

  #add(kind: TroubledKind, ref: string, moment: StateMoment): void {
    if (moment.state !== 'up') this.#byKind[kind][moment.state].set(ref, moment);
  }

  #countSites(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const { roots } of this.#byKind.site.unreachable.values())
      for (const root of roots) counts.set(root, (counts.get(root) ?? 0) + 1);
    return counts;
  }
}

function noTrouble(): Record<Trouble, Map<string, StateMoment>> {
  return { down: new Map(), unreachable: new Map(), unknown: new Map() };
}

function kindOf(ref: string): TroubledKind | undefined {
  const kind = ref.slice(0, ref.indexOf(':'));
  return kind === 'device' || kind === 'site' || kind === 'link' ? kind : undefined;
}
