import { z } from 'zod';
import { AGENT_ID_EXPECTED, AGENT_ID_PATTERN } from './topics.ts';

/** Ids of sites, devices, links, pools, services and agencies. */
export const INVENTORY_ID_PATTERN = /^[a-z0-9][a-z0-9._-]{0,63}$/;
/** A unit's code at the National Statistics Office of Vietnam. */
export const UNIT_CODE_PATTERN = /^\d{5}$/;

const id = z.string().regex(INVENTORY_ID_PATTERN, 'expected 1 to 64 of a-z 0-9 . _ -');
const agentId = z.string().regex(AGENT_ID_PATTERN, AGENT_ID_EXPECTED);
const unitCode = z.string().regex(UNIT_CODE_PATTERN, 'expected the official 5-digit code, in quotes');
/** Invisible: what turns the direction of writing (Unicode Standard Annex 9) or joins letters. Vietnamese needs none of them. */
const FORMAT_CHARACTER = /\p{Cf}/u;
const hasNoFormatCharacter = (value: string): boolean => !FORMAT_CHARACTER.test(value);
const NO_FORMAT_CHARACTER = {
  error: ({ input }: { readonly input?: unknown }): string => {
    const found = FORMAT_CHARACTER.exec(String(input))?.[0].codePointAt(0) ?? 0;
    return `expected a text without invisible format characters, got U+${found.toString(16).toUpperCase().padStart(4, '0')} in it`;
  },
};
/** On one line, as lists, pages and terminals show it. */
const oneLine = (string: z.ZodString, maxChars: number) =>
  string
    .min(1)
    .max(maxChars)
    .refine((value) => !/[\p{Cc}\p{Cs}]/u.test(value), 'expected a text without control characters')
    .refine(hasNoFormatCharacter, NO_FORMAT_CHARACTER);
/** As others write it, such as the name of a port. */
const text = (maxChars: number) => oneLine(z.string(), maxChars);
/** Of people: composed (NFC), so that one name is one text whoever typed it. */
const words = (maxChars: number) => oneLine(z.string().normalize('NFC'), maxChars);
const name = words(200);
/** A calendar day of the city, ISO 8601. */
const day = z.iso.date('expected a day such as 2025-07-01, in quotes');
/** WGS84, degrees. */
const position = { longitude: z.number().min(-180).max(180), latitude: z.number().min(-90).max(90) };
/** Several ways lead to it: it is cut off only when all are. */
const parents = z.array(id).min(1).max(8).optional();
const intervalMs = z.int().min(1_000).max(86_400_000);

/** What may be said of anything that exists. It is expected from the first day to the day before `retiredOn`. */
const record = {
  agency: id.optional(),
  installedOn: day.optional(),
  retiredOn: day.optional(),
  contact: words(200).optional(),
  notes: z
    .string()
    .normalize('NFC')
    .min(1)
    .max(1_000)
    .refine(
      (value) => !/[^\P{Cc}\n\t]|\p{Cs}/u.test(value),
      'expected no control characters but line breaks and tabs',
    )
    .refine(hasNoFormatCharacter, NO_FORMAT_CHARACTER)
    .optional(),
};

/** A ward, commune or special zone. */
export const unitSchema = z.strictObject({
  code: unitCode,
  name: words(100),
  nameEn: words(100),
  kind: z.enum(['ward', 'commune', 'special_zone']),
  ...position,
  areaKm2: z.number().positive(),
});

/**
 * A ward or commune as it was before a change of the city's map: from the first day to the day before `until`. Codes are
 * given again to other units, so a code means something on a day only. `successors`: codes of the units that its land
 * belongs to from `until` on; none if that is not known. Without a code it is found by its name only.
 */
export const formerUnitSchema = z.strictObject({
  code: unitCode.optional(),
  name: words(100),
  kind: z.enum(['ward', 'commune', 'township', 'district', 'special_zone']),
  district: words(100).optional(),
  from: day.optional(),
  until: day,
  successors: z.array(unitCode).max(32).default([]),
});

/** A department that owns what others depend on. */
export const agencySchema = z.strictObject({ id, name, contact: record.contact, notes: record.notes });

/** The unit that a site belonged to until the day before `until`, from the entry before it on. */
const formerUnitOfSiteSchema = z.strictObject({ unit: unitCode, until: day });

/** A place with devices. `parents`: the sites that its uplinks lead to. `formerUnits`: oldest first. */
export const siteSchema = z.strictObject({
  id,
  unit: unitCode,
  formerUnits: z.array(formerUnitOfSiteSchema).min(1).max(8).optional(),
  name,
  kind: z.enum(['city', 'hub', 'site', 'datacentre']),
  parents,
  ...position,
  ...record,
});

export const expectedAgentSchema = z.strictObject({
  id: agentId,
  kind: z.enum(['gateway', 'server']),
  site: id,
  unit: unitCode,
  /** The longest time between two of its batches that it may announce, ms; 10 min if not given. Central misses it after three. */
  maxIntervalMs: intervalMs.optional(),
  ...record,
});

export const DEVICE_KINDS = [
  'node',
  'server',
  'probe',
  'modem',
  'ups',
  'line',
  'radio',
  'storage',
  'pdu',
  'endpoint',
  'sensor',
  'other',
] as const;

/** A measurement that must arrive of a device, and how often, ms. */
export const expectedMeasurementSchema = z.strictObject({
  measurement: text(64),
  intervalMs,
});

/** `agent` measures it; only that agent and `otherAgents` may send values of it. `parents`: the devices that it is reached through. */
export const deviceSchema = z.strictObject({
  id,
  kind: z.enum(DEVICE_KINDS),
  name: name.optional(),
  site: id,
  unit: unitCode,
  agent: agentId,
  otherAgents: z.array(agentId).min(1).max(16).optional(),
  parents,
  expects: z.array(expectedMeasurementSchema).min(1).max(16).optional(),
  ...record,
});

/** A port that is worth naming, of one device. `name` is what the device calls it (IF-MIB ifName). */
export const namedInterfaceSchema = z.strictObject({
  device: id,
  name: text(128),
  description: words(200).optional(),
  capacityBps: z.number().positive().optional(),
  link: id.optional(),
});

const linkEndSchema = z.strictObject({
  site: id,
  device: id.optional(),
  interface: text(128).optional(),
});

/** A line between two sites. */
export const linkSchema = z.strictObject({
  id,
  kind: z.enum(['fibre', 'copper', 'microwave', '5g', 'leased', 'vpn', 'other']),
  ends: z.tuple([linkEndSchema, linkEndSchema]),
  operator: words(64).optional(),
  capacityBps: z.number().positive().optional(),
  ...record,
});

/**
 * A resource with a total that is used up, such as the storage of a datacentre. One id may have several resources. Only `agents` may send values of it, the first
 * counts where several do; without them, those of its site; without any there, all.
 */
export const poolSchema = z.strictObject({
  id,
  site: id,
  resource: text(64),
  agents: z.array(agentId).min(1).max(16).optional(),
  ...record,
});

/** Something of the inventory, such as `device:sbc-1`. */
export const dependencySchema = z
  .string()
  .regex(
    /^(device|site|link|pool|service):[a-z0-9][a-z0-9._-]{0,63}$/,
    'expected device:, site:, link:, pool: or service: and an id',
  );

/**
 * A service of the city. It needs each entry of `needs`; of `{ anyOf }`, at least `atLeast` (1 if not given). `availabilityTargetPercent`: share of
 * time in which it is to work; with 100 there would be nothing to spend.
 */
export const serviceSchema = z.strictObject({
  id,
  name,
  availabilityTargetPercent: z
    .number()
    .min(50, 'expected 50 to 99.999')
    .max(99.999, 'expected 50 to 99.999')
    .optional(),
  needs: z
    .array(
      z.union([
        dependencySchema,
        z.strictObject({
          anyOf: z.array(dependencySchema).min(1).max(256),
          atLeast: z.int().min(1).optional(),
        }),
      ]),
    )
    .min(1)
    .max(256),
  ...record,
});

/** The inventory file: what should exist. Without an entry here, what reports counts as "seen but not expected". */
export const inventorySchema = z.strictObject({
  units: z.array(unitSchema).default([]),
  formerUnits: z.array(formerUnitSchema).default([]),
  agencies: z.array(agencySchema).default([]),
  sites: z.array(siteSchema).default([]),
  agents: z.array(expectedAgentSchema).default([]),
  devices: z.array(deviceSchema).default([]),
  interfaces: z.array(namedInterfaceSchema).default([]),
  links: z.array(linkSchema).default([]),
  pools: z.array(poolSchema).default([]),
  services: z.array(serviceSchema).default([]),
});

export type InventoryFile = z.infer<typeof inventorySchema>;
export type Unit = z.infer<typeof unitSchema>;
export type FormerUnit = z.infer<typeof formerUnitSchema>;
export type Agency = z.infer<typeof agencySchema>;
export type Site = z.infer<typeof siteSchema>;
export type ExpectedAgent = z.infer<typeof expectedAgentSchema>;
export type Device = z.infer<typeof deviceSchema>;
export type NamedInterface = z.infer<typeof namedInterfaceSchema>;
export type Link = z.infer<typeof linkSchema>;
export type Pool = z.infer<typeof poolSchema>;
export type Service = z.infer<typeof serviceSchema>;

/** An inventory with nothing in it, to be filled. */
export function emptyInventoryFile(): InventoryFile {
  return {
    units: [],
    formerUnits: [],
    agencies: [],
    sites: [],
    agents: [],
    devices: [],
    interfaces: [],
    links: [],
    pools: [],
    services: [],
  };
}
