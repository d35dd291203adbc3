import { z } from 'zod';
import {
  agencySchema,
  deviceSchema,
  expectedAgentSchema,
  formerUnitSchema,
  linkSchema,
  namedInterfaceSchema,
  poolSchema,
  serviceSchema,
  siteSchema,
  unitSchema,
  type InventoryFile,
} from '../../contract/inventory.ts';

/** A list of the inventory file, such as `devices`. */
export type Kind = keyof InventoryFile;
export type EntryOf<K extends Kind> = InventoryFile[K][number];
export type Entry = EntryOf<Kind>;

interface KindDefinition<T> {
  readonly schema: z.ZodType<T>;
  readonly idOf: (entry: T) => string;
}

const byId = ({ id }: { readonly id: string }): string => id;

/** Entries without an id of their own are known by what makes them unique, such as `n-1/ge-0/0/1`. */
const KINDS: { readonly [K in Kind]: KindDefinition<EntryOf<K>> } = {
  units: { schema: unitSchema, idOf: ({ code }) => code },
  // A code is given again to another unit, and the oldest units had none.
  formerUnits: {
    schema: formerUnitSchema,
    idOf: ({ until, code, district = '', name }) => `${until}/${code ?? `${district}/${name}`}`,
  },
  agencies: { schema: agencySchema, idOf: byId },
  sites: { schema: siteSchema, idOf: byId },
  agents: { schema: expectedAgentSchema, idOf: byId },
  devices: { schema: deviceSchema, idOf: byId },
  interfaces: { schema: namedInterfaceSchema, idOf: ({ device, name }) => `${device}/${name}` },
  links: { schema: linkSchema, idOf: byId },
  pools: { schema: poolSchema, idOf: ({ id, resource }) => `${id}/${resource}` },
  services: { schema: serviceSchema, idOf: byId },
};

/** In the order of the file: what others refer to comes first. */
export const KIND_NAMES = Object.keys(KINDS) as [Kind, ...Kind[]];

export const kindSchema = z.enum(KIND_NAMES).describe('a list of the inventory file');

export function isKind(name: string): name is Kind {
  return Object.hasOwn(KINDS, name);
}

export function schemaOf<K extends Kind>(kind: K): z.ZodType<EntryOf<K>> {
  return KINDS[kind].schema;
}

export function idOf<K extends Kind>(kind: K, entry: EntryOf<K>): string {
  return KINDS[kind].idOf(entry);
}

/** The entries in the order of their ids. Pure. */
export function sortedById<K extends Kind>(kind: K, entries: readonly EntryOf<K>[]): EntryOf<K>[] {
  const keyed = entries.map((entry) => [idOf(kind, entry), entry] as const);
  keyed.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return keyed.map(([, entry]) => entry);
}
