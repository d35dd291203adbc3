import type { AlertPlace } from '../../suppression/alert-place.ts';
import type { Span } from '../in-force.ts';
import { PlaceIndex, type CoveredKeys } from './coverage.ts';
import type { MaintenanceWindow } from './window.ts';

/** A window and the time for which it is open now. */
export type OpenWindow = readonly [window: MaintenanceWindow, span: Span];

/** Open windows by what they cover; of several that cover the same the one that lasts longest. */
export function indexOpen(
  open: readonly OpenWindow[],
  keysOf: (window: MaintenanceWindow) => CoveredKeys,
): PlaceIndex<OpenWindow> {
  const index = new PlaceIndex<OpenWindow>();
  for (const entry of open) for (const key of keysOf(entry[0])) index.add(key, entry, longer);
  return index;
}

/** Of all that cover the place, or what it is in, the one that lasts longest. */
export function longestIn(
  index: PlaceIndex<OpenWindow>,
  { device, link, service, agent, site, unit }: AlertPlace,
): OpenWindow | undefined {
  let found = laterOf(index.get('device', device), index.get('site', site));
  found = laterOf(found, index.get('unit', unit));
  found = laterOf(found, index.get('agent', agent));
  found = laterOf(found, index.get('link', link));
  return laterOf(found, index.get('service', service));
}

function laterOf(one: OpenWindow | undefined, other: OpenWindow | undefined): OpenWindow | undefined {
  return one === undefined || other === undefined ? (one ?? other) : longer(one, other);
}

function longer(one: OpenWindow, other: OpenWindow): OpenWindow {
  return other[1].toMs > one[1].toMs ? other : one;
}
