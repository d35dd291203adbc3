import type {
  FollowedMoment,
  FollowedState,
  FollowedStates,
} from '../../health/states/history/followed-states.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import type { CityEvent, EventLog } from './event-log.ts';

type Places = Pick<Inventory, 'devices' | 'sites' | 'links'>;

interface ChangeOfState {
  readonly ref: string;
  /** undefined: it was not expected, or nothing was known of it. */
  readonly before: FollowedState | undefined;
  /** undefined: it is not expected any more. */
  readonly after: FollowedMoment | undefined;
  readonly atMs: number;
}

/** An element or a service that is in another state than before, or in the same for another reason. */
export function stateEvent(
  places: Places,
  { ref, before, after, atMs }: ChangeOfState,
): CityEvent & { readonly kind: 'state' } {
  const detail = {
    ref,
    ...(before !== undefined && { before }),
    ...(after !== undefined && { state: after.state, sinceMs: after.sinceMs, roots: after.roots }),
  };
  return { kind: 'state', atMs, ...placeOf(places, ref), detail };
}

/** Each change is an event of its own, but for what is expected anew and not known yet. */
export function tellStates(
  followed: readonly FollowedStates[],
  events: Pick<EventLog, 'append'>,
  places: Places,
): void {
  for (const each of followed) {
    each.onChange((changes) => {
      for (const { ref, before, after, atMs } of changes) {
        if (before === undefined && after?.state === 'unknown') continue;
        events.append(stateEvent(places, { ref, before: before?.state, after, atMs }));
      }
    });
  }
}

/** As the inventory has it now. */
function placeOf(
  { devices, sites, links }: Places,
  ref: string,
): Pick<CityEvent, 'unit' | 'site' | 'device'> {
  const colon = ref.indexOf(':');
  const id = ref.slice(colon + 1);
  switch (ref.slice(0, colon)) {
    case 'device': {
      const device = devices.get(id);
      return { unit: device?.unit, site: device?.site, device: id };
    }
    case 'site':
      return { unit: sites.get(id)?.unit, site: id };
    case 'link': {
      const site = links.get(id)?.ends[0].site;
      return { unit: sites.get(site ?? '')?.unit, site };
    }
    case 'unit':
      return { unit: id };
    default:
      return {};
  }
}
