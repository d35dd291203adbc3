import type { FieldValue } from '../../contract/sample.ts';

/** What fills up: pools of the datacentre and the cloud, file systems of servers, storages of other devices. */
export const CAPACITY_KINDS = ['pool', 'disk', 'storage'] as const;
export type CapacityKind = (typeof CAPACITY_KINDS)[number];

/** How one kind is measured. */
export interface CapacityMeasure {
  readonly measurement: string;
  /** How much is in use. */
  readonly field: string;
  /** The tags that tell one from another. */
  readonly tags: readonly string[];
  /** Only series with one of these values in each of these tags. */
  readonly where: Readonly<Record<string, readonly string[]>>;
  /** How much fits, in the unit of `field`, by the newest row; undefined: it does not say. */
  readonly capacityOf: (valueOf: (field: string) => FieldValue | undefined) => number | undefined;
}

export const CAPACITY_MEASURES: Readonly<Record<CapacityKind, CapacityMeasure>> = {
  pool: {
    measurement: 'capacity',
    field: 'used',
    tags: ['site', 'pool', 'resource'],
    where: {},
    capacityOf: (valueOf) => amount(valueOf('usable')) ?? amount(valueOf('physical')),
  },
  disk: {
    measurement: 'disk',
    field: 'used',
    tags: ['host', 'path'],
    where: {},
    // What is reserved for the system is neither used nor free: users do not get it.
    capacityOf: (valueOf) => {
      const [used, free] = [amount(valueOf('used')), amount(valueOf('free'))];
      return used === undefined || free === undefined ? undefined : used + free;
    },
  },
  storage: {
    measurement: 'device_storage',
    field: 'used_bytes',
    tags: ['device', 'storage'],
    // Memory is there to be full.
    where: { type: ['fixed_disk', 'flash_memory'] },
    capacityOf: (valueOf) => amount(valueOf('total_bytes')),
  },
};

function amount(value: FieldValue | undefined): number | undefined {
  return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : undefined;
}
