import { z } from 'zod';
import { AGENT_ID_EXPECTED, AGENT_ID_PATTERN } from './topics.ts';

/** Ids of sites, devices and pools. */
export const INVENTORY_ID_PATTERN = /^[a-z0-9][a-z0-9._-]{0,63}$/;
/** A unit's code at the National Statistics Office of Vietnam. */
export const UNIT_CODE_PATTERN = /^\d{5}$/;

const id = z.string().regex(INVENTORY_ID_PATTERN, 'expected 1 to 64 of a-z 0-9 . _ -');
const agentId = z.string().regex(AGENT_ID_PATTERN, AGENT_ID_EXPECTED);
const unitCode = z.string().regex(UNIT_CODE_PATTERN, 'expected the official 5-digit code, in quotes');
/** WGS84, degrees. */
const position = { longitude: z.number().min(-180).max(180), latitude: z.number().min(-90).max(90) };

/** A ward, commune or special zone. */
export const unitSchema = z.strictObject({
  code: unitCode,
  name: z.string().min(1).max(100),
  nameEn: z.string().min(1).max(100),
  kind: z.enum(['ward', 'commune', 'special_zone']),
  ...position,
  areaKm2: z.number().positive(),
});

/** A place with devices. `parent`: the site that its uplink leads to. */
export const siteSchema = z.strictObject({
  id,
  unit: unitCode,
  name: z.string().min(1).max(200),
  kind: z.enum(['city', 'hub', 'site', 'datacentre']),
  parent: id.optional(),
  ...position,
});

export const expectedAgentSchema = z.strictObject({
  id: agentId,
  kind: z.enum(['gateway', 'server']),
  site: id,
  unit: unitCode,
  /** The longest time between two of its batches that it may announce, ms; 10 min if not given. Central misses it after three. */
  maxIntervalMs: z.int().min(1_000).max(86_400_000).optional(),
});

/** `agent` measures it; only that agent and `otherAgents` may send values of it. `parent`: the device that it is reached through. */
export const deviceSchema = z.strictObject({
  id,
  kind: z.enum(['node', 'server', 'probe', 'modem', 'ups']),
  site: id,
  unit: unitCode,
  agent: agentId,
  otherAgents: z.array(agentId).min(1).max(16).optional(),
  parent: id.optional(),
});

/** A resource with a total that is used up, such as the storage of a datacentre. One id may have several resources. */
export const poolSchema = z.strictObject({ id, site: id, resource: z.string().min(1).max(64) });

/** The inventory file: what should exist. Without an entry here, what reports counts as "seen but not expected". */
export const inventorySchema = z.strictObject({
  units: z.array(unitSchema).default([]),
  sites: z.array(siteSchema).default([]),
  agents: z.array(expectedAgentSchema).default([]),
  devices: z.array(deviceSchema).default([]),
  pools: z.array(poolSchema).default([]),
});

export type InventoryFile = z.infer<typeof inventorySchema>;
export type Unit = z.infer<typeof unitSchema>;
export type Site = z.infer<typeof siteSchema>;
export type ExpectedAgent = z.infer<typeof expectedAgentSchema>;
export type Device = z.infer<typeof deviceSchema>;
export type Pool = z.infer<typeof poolSchema>;
