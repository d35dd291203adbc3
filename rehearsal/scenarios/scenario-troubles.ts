import type { CityModel } from '../../simulators/city/city.ts';
import type { Fault, FaultKind } from '../../simulators/city/faults.ts';
import type { Happening, Scenario } from '../../simulators/scenarios/scenario.ts';
import { FAULT_KINDS } from '../../simulators/scenarios/scenario-problems.ts';
import type { CityMap } from '../truth/city-map.ts';
import { troubleOf } from '../truth/read-truth.ts';
import type { Trouble } from '../truth/trouble.ts';
import { truthPathOf, type TruthPath } from '../truth/truth-path.ts';

/** What happens in a scenario, with what is due because of it: a trouble for each debt, or one that owes nothing. */
export interface StagedHappening {
  readonly happening: Happening;
  readonly fault: Fault;
  readonly troubles: readonly Trouble[];
  /** What an incident about it has to hold: what its scenario says, and what the model has written down. */
  readonly path: TruthPath;
}

/** Pure. */
export function faultOf({ fromMs }: Pick<Scenario, 'fromMs'>, happening: Happening): Fault {
  const { target, begin, length, rise, period, amount } = happening;
  return {
    ...{ kind: kindOf(happening), target, fromMs: fromMs + begin, toMs: fromMs + begin + length },
    ...(rise !== undefined && { riseMs: rise }),
    ...(period !== undefined && { periodMs: period }),
    ...(amount !== undefined && { amount }),
  };
}

/** Pure. */
export function stagedHappenings(
  scenario: Scenario,
  city: CityModel,
  map: CityMap,
): readonly StagedHappening[] {
  return scenario.happens.map((happening) => {
    const fault = faultOf(scenario, happening);
    const base = troubleOf(fault, { city, inventory: city.inventory, map });
    const { root, path = [], symptoms, due } = happening;
    const trouble: Trouble = {
      ...base,
      roots: root === undefined ? base.roots : new Set(root),
      reach: new Set([...base.reach, ...(root ?? []), ...path]),
      symptoms: [...base.symptoms, ...symptoms, ...due.flatMap(({ rules }) => rules)],
      due: undefined,
    };
    const owed = due.map(({ rules, within, after = 0, page }): Trouble => ({
      ...trouble,
      due: {
        ...{ rules, visibleFromMs: fault.fromMs + after, visibleToMs: visibleToMs(fault) },
        byMs: fault.fromMs + within,
        ...{ isMasked: after > 0, isPaged: page, sites: base.due?.sites ?? 0 },
      },
    }));
    return {
      ...{ happening, fault, troubles: owed.length === 0 ? [trouble] : owed },
      path: joined(
        happening,
        truthPathOf(fault, { city, inventory: city.inventory, map }),
        due.some(({ page }) => page) ? unitOfAll([...trouble.roots], map) : [],
      ),
    };
  });
}

/** Of what may be named: an incident is of the unit in which it happened. None where that is several. */
function unitOfAll(roots: readonly string[], map: CityMap): readonly string[] {
  const units = new Set(roots.flatMap((ref) => map.unitOf(ref) ?? []));
  return units.size === 1 ? [...units] : [];
}

function joined(
  { path = [], units = [], services = [] }: Happening,
  truth: TruthPath,
  own: readonly string[],
): TruthPath {
  return {
    refs: [...new Set([...path, ...truth.refs])],
    units: [...new Set([...units, ...truth.units, ...own])],
    services: [...new Set([...services, ...truth.services])],
  };
}

/** What comes and goes is well in between: it may be called over then. */
function visibleToMs({ fromMs, toMs, periodMs }: Fault): number {
  return periodMs === undefined ? toMs : Math.min(toMs, fromMs + periodMs / 2);
}

function kindOf({ fault }: Happening): FaultKind {
  const kind = FAULT_KINDS.find((each) => each === fault);
  if (kind === undefined) throw new Error(`${fault} is no kind of fault: the scenario was not checked`);
  return kind;
}
