import { machineOf, siteOf, type Places } from './subjects.ts';
import type { SuppressibleAlert } from './suppression.ts';

/** What an alert is about, and what that is in, by kind: what people name where they ask for quiet. */
export interface AlertPlace {
  readonly device?: string | undefined;
  readonly link?: string | undefined;
  readonly service?: string | undefined;
  readonly agent?: string | undefined;
  readonly site?: string | undefined;
  readonly unit?: string | undefined;
}

/** As the inventory has it; only what it does not have goes by the tags alone. Pure. */
export function placeOf(alert: SuppressibleAlert, places: Places): AlertPlace {
  const { entity, unit, site } = alert;
  const { device, host, link, service, interface: port } = entity;
  const agent = entity['agent'] ?? alert.agent;
  // Who measured it is not what it is about.
  if (link !== undefined || service !== undefined) return { device, link, service, agent, site, unit };
  const machine = machineOf(entity, places);
  return {
    // Of a machine the tag `device` is a disk or the like.
    device: machine ?? host ?? device,
    link: machine === undefined || port === undefined ? undefined : places.linkAt(machine, port),
    agent,
    site: siteOf(alert, places) ?? site,
    unit,
  };
}
