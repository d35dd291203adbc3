import type { Position } from '../radio-state.ts';
import { numberAt, objectAt } from './json.ts';

/** `mmcli -m N --location-get -J`, the GNSS fix; undefined: none. */
export function parseLocation(json: unknown): Position | undefined {
  const gps = objectAt(json, 'modem', 'location', 'gps');
  const latitude = numberAt(gps, 'latitude');
  const longitude = numberAt(gps, 'longitude');
  if (latitude === undefined || longitude === undefined) return undefined;
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? { latitude, longitude } : undefined;
}
