import { z } from 'zod';
import {
  deviceSchema,
  linkSchema,
  siteSchema,
  type Device,
  type Link,
  type Site,
} from '../../contract/inventory.ts';
import { inEnglish } from './reasons/english.ts';
import { because } from '../../contract/reasons/reason-codes.ts';
import type { CityStates } from './states/city-states.ts';
import { stateViewSchema, type ElementRef } from './states/state-view.ts';

/** The state of something that the inventory has, whether or not it is expected today. */
const standingSchema = stateViewSchema.extend({
  inService: z.boolean().describe('false: not installed yet, or retired; it counts nowhere'),
});
type StandingView = z.infer<typeof standingSchema>;

export const deviceViewSchema = deviceSchema.extend(standingSchema.shape);
export type DeviceView = z.infer<typeof deviceViewSchema>;

export const linkViewSchema = linkSchema.extend(standingSchema.shape);
export type LinkView = z.infer<typeof linkViewSchema>;

export const siteViewSchema = siteSchema.extend({
  ...standingSchema.shape,
  devices: z.record(stateViewSchema.shape.state, z.int()).describe('number of devices by state'),
});
export type SiteView = z.infer<typeof siteViewSchema>;

export function deviceView(device: Device, states: Pick<CityStates, 'get'>, nowMs: number): DeviceView {
  return Object.assign(standingOf(`device:${device.id}`, device, states, nowMs), device);
}

export function linkView(link: Link, states: Pick<CityStates, 'get'>, nowMs: number): LinkView {
  return Object.assign(standingOf(`link:${link.id}`, link, states, nowMs), link);
}

export function siteView(
  site: Site,
  states: Pick<CityStates, 'get' | 'deviceCounts'>,
  nowMs: number,
): SiteView {
  const ref = `site:${site.id}` as const;
  const none = { up: 0, down: 0, unreachable: 0, unknown: 0 };
  const devices = states.deviceCounts(ref) ?? none;
  return Object.assign(standingOf(ref, site, states, nowMs), { devices }, site);
}

/** A new object each time. To assign to it takes a tenth of what V8 takes for each field after a spread: a microsecond; lists have thousands. */
function standingOf(
  ref: ElementRef,
  { installedOn = '' }: Pick<Device, 'installedOn'>,
  states: Pick<CityStates, 'get'>,
  nowMs: number,
): StandingView {
  const view = states.get(ref);
  if (view !== undefined) return { inService: true, ...view };
  const isComing = Date.parse(installedOn) > nowMs;
  const reasons = [isComing ? because('not_installed', { day: installedOn }) : because('not_in_service')];
  return {
    state: 'unknown',
    sinceMs: nowMs,
    reason: inEnglish(reasons),
    reasons,
    roots: [],
    evidence: [],
    isDisputed: false,
    disputedBy: [],
    inService: false,
  };
}
