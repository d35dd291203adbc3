import type { Answers } from '../../api/answers.ts';
import type { Shown } from '../../api/resource.ts';

type City = Answers['/api/v1/city'];

export interface Evidence {
  readonly city: Pick<Shown<City>, 'value' | 'problem' | 'loadedAtMs'>;
  /** The page hears central. */
  readonly isLive: boolean;
  readonly nowMs: number;
}

/** Why what is shown may be untrue. */
export interface Doubts {
  /** Central's own checks that fail. */
  readonly checks: readonly string[];
  /** It could not be read anew, or is too old. */
  readonly isUnread: boolean;
}

/**
 * What one glance says. `well` only where all of it is known and new: every unit and service, that no incident is open, that central
 * judges and stores, and that the page hears it. Incidents stay said when they cannot be read anew.
 */
export type Verdict =
  | { readonly is: 'waiting' }
  | { readonly is: 'well' }
  | ({
      readonly is: 'notSure';
      readonly unknownUnits: number;
      readonly services: readonly Pick<City['services'][number], 'id' | 'name' | 'state'>[];
    } & Doubts)
  | ({
      readonly is: 'incidents';
      readonly count: number;
      /** There are more than the answer holds. */
      readonly isMore: boolean;
      /** Only of a single incident: several may cut off the same sites. */
      readonly reach?: { readonly sites: number; readonly units: number };
      readonly sinceMs: number;
    } & Doubts);

/** Central's own checks without which it does not work; a late backup is none of them. */
export const VITAL_CHECKS: readonly string[] = ['broker', 'store', 'alerts', 'clock', 'agents'];

/** While faults may not be passed on, that none is told says nothing: also in the minutes before the first canary of a new central is through. */
const NEEDED_CHECKS: readonly string[] = [...VITAL_CHECKS, 'canary'];

/** More than two periods, and the time of an answer. */
const OLD_AFTER_MS = 40_000;

/** Pure. */
export function verdictOf({ city, isLive, nowMs }: Evidence): Verdict {
  const { value, problem, loadedAtMs = nowMs } = city;
  const isUnread = problem !== undefined || Math.abs(nowMs - loadedAtMs) > OLD_AFTER_MS;
  if (value === undefined)
    return isUnread
      ? { is: 'notSure', unknownUnits: 0, services: [], checks: [], isUnread }
      : { is: 'waiting' };
  const { units, incidents, readiness } = value;
  const doubts = { checks: brokenChecks(readiness), isUnread };
  const open = incidents.items;
  if (open.length > 0) {
    const counts = open.length === 1 ? open[0]?.counts : undefined;
    return {
      is: 'incidents',
      count: open.length,
      isMore: incidents.isMore,
      ...(counts !== undefined && { reach: { sites: counts.sites, units: counts.units } }),
      sinceMs: Math.min(...open.map(({ beganAtMs }) => beganAtMs)),
      ...doubts,
    };
  }
  const unknownUnits = units.filter(({ state }) => state !== 'up' && state !== 'alert').length;
  const services = value.services
    .filter(({ state }) => state !== 'up')
    .map(({ id, name, state }) => ({ id, name, state }));
  const isWell =
    isLive && !isUnread && readiness.ready && doubts.checks.length + unknownUnits + services.length === 0;
  return isWell ? { is: 'well' } : { is: 'notSure', unknownUnits, services, ...doubts };
}

/** Of a central that is not ready all that fail, whatever their names. Pure. */
function brokenChecks({ ready, checks }: City['readiness']): string[] {
  const failing = checks.filter(({ ok }) => !ok).map(({ name }) => name);
  const needed = failing.filter((name) => NEEDED_CHECKS.includes(name));
  return needed.length === 0 && !ready ? failing : needed;
}
