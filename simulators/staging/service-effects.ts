import type { InventoryFile } from '../../contract/inventory.ts';
import type { StagedKind } from '../city/faults.ts';
import { thousandth } from '../city/rounding.ts';
import { isUp, numberOf, withFields, type Effect, type StagedMoment } from './effect.ts';
import { PROBING_AGENT } from './service-probes.ts';

const DAY_S = 86_400;

const atService = {
  targets: ({ services }: InventoryFile) => services.map(({ id }) => id),
  agents: () => [PROBING_AGENT],
} as const;

/** As the probes of the city see its services, and the certificates that they show. */
export const SERVICE_EFFECTS = {
  /** Overloaded, or a slow part within it: whatever needs it waits as long. `amount`: ms more. */
  service_slow: {
    ...atService,
    change: (sample, moment) =>
      sample.measurement === 'service' && isHit(sample.tags['service'], moment)
        ? withFields(sample, {
            response_ms: thousandth(numberOf(sample, 'response_ms') + (moment.fault?.amount ?? 5_000)),
          })
        : sample,
  },
  service_down: {
    ...atService,
    change: (sample, moment) =>
      sample.measurement === 'service' && isHit(sample.tags['service'], moment)
        ? withFields(sample, { up: false, problem: 'no answer' })
        : sample,
  },
  /** `amount`: days left. */
  certificate_expiring: {
    ...atService,
    change: (sample, moment) =>
      isCertificate(sample, moment)
        ? withFields(sample, { expiry: (moment.fault?.amount ?? 5) * DAY_S })
        : sample,
  },
  /** Renewed, though without the name that it is asked for. */
  certificate_wrong_name: {
    ...atService,
    change: (sample, moment) =>
      isCertificate(sample, moment)
        ? withFields(sample, {
            ...{ verification_code: 1, name_match: false, expiry: 365 * DAY_S },
            verification_error: 'certificate is not valid for this name',
          })
        : sample,
  },
} satisfies Partial<Record<StagedKind, Effect>>;

function isCertificate(
  sample: { readonly measurement: string; readonly tags: Readonly<Record<string, string>> },
  moment: StagedMoment,
): boolean {
  return sample.measurement === 'x509_cert' && sample.tags['service'] === moment.target && isUp(moment);
}

/** The service itself, and those that cannot do without it. */
function isHit(service: string | undefined, moment: StagedMoment): boolean {
  return service !== undefined && isUp(moment) && needs(service, moment.target, moment.inventory);
}

function needs(service: string, target: string, inventory: InventoryFile): boolean {
  if (service === target) return true;
  const found = inventory.services.find(({ id }) => id === service);
  return (found?.needs ?? []).some(
    (need) =>
      typeof need === 'string' &&
      need.startsWith('service:') &&
      needs(need.slice('service:'.length), target, inventory),
  );
}
