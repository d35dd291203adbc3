import { subjectsOf, type Places } from '../alerts/suppression/subjects.ts';
import type { SuppressibleAlert } from '../alerts/suppression/suppression.ts';

/** What an alert is about, in two words. */
export interface AlertResource {
  /** Of the inventory where that has it, such as `device:n-1`; undefined: of nothing that has a name. */
  readonly resource: string | undefined;
  /** What of it, such as `interface=ge-0/0/1`; empty: all of it. */
  readonly qualifier: string;
}

/** In what the inventory does not have, the first of these tags names it. */
const NAMING_TAGS = ['service', 'pool', 'link', 'device', 'host', 'agent', 'site', 'unit'] as const;
const MAX_TAG_CHARS = 128;

/** Pure. */
export function resourceOf(alert: SuppressibleAlert, places: Places): AlertResource {
  const { entity } = alert;
  const whole = subjectsOf(alert, places).find(({ isPart }) => !isPart)?.ref;
  const naming = NAMING_TAGS.find((tag) => entity[tag] !== undefined);
  const named = naming === undefined ? undefined : `${naming}:${entity[naming] ?? ''}`;
  const resource = (whole ?? named)?.slice(0, MAX_TAG_CHARS);
  const id = resource?.slice(resource.indexOf(':') + 1);
  const rest = Object.entries(entity).filter(([, value]) => value !== id);
  return { resource, qualifier: rest.map(([tag, value]) => `${tag}=${value}`).join(' ') };
}
