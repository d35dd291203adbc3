import type { Service } from '../../contract/inventory.ts';
import type { Sample } from '../../contract/sample.ts';
import { drift, seedOf } from '../city/noise.ts';
import { officeLoad } from '../city/rhythm.ts';
import { thousandth } from '../city/rounding.ts';

/** The gateway of the city opens each service as a citizen would, and reads its certificate. */
export const PROBING_AGENT = 'gw-city';
const SERVICE_EVERY_MS = 60_000;
const CERTIFICATE_EVERY_MS = 600_000;
const LIFETIME_S = 180 * 86_400;
const MINUTE_MS = 60_000;

/** At each of its measurements; due are the first after each minute, and after each ten. Pure. */
export function serviceProbes(
  services: readonly Pick<Service, 'id'>[],
  intervalMs: number,
): (timeMs: number) => readonly Sample[] {
  const isFirst = (timeMs: number, everyMs: number): boolean => timeMs % everyMs < intervalMs;
  return (timeMs) => {
    if (!isFirst(timeMs, SERVICE_EVERY_MS)) return [];
    const answers = services.map(({ id }): Sample => ({
      measurement: 'service',
      tags: { service: id, check: 'open', probe: 'centre' },
      fields: {
        up: true,
        response_ms: thousandth(180 + 240 * officeLoad(timeMs) + 20 * drift(seedOf(id), timeMs, MINUTE_MS)),
      },
      timeMs,
    }));
    if (!isFirst(timeMs, CERTIFICATE_EVERY_MS)) return answers;
    const certificates = services.map(({ id }): Sample => ({
      measurement: 'x509_cert',
      tags: {
        source: `https://${id}.example.vn:443`,
        common_name: `${id}.example.vn`,
        type: 'leaf',
        service: id,
      },
      fields: { expiry: LIFETIME_S, verification_code: 0, name_match: true },
      timeMs,
    }));
    return [...answers, ...certificates];
  };
}
