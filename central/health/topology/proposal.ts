import { hash } from 'node:crypto';
import { z } from 'zod';
import { unixMs } from '../../../runtime/unix-ms.ts';
import type { EntryChange } from '../../inventory/changes.ts';
import type { Neighbour, Stations } from './evidence.ts';

/** `high`: both ends report each other (LLDP); `medium`: one does; `low`: only other tables say so, or where the way out is was guessed. */
export const CONFIDENCES = ['high', 'medium', 'low'] as const;
export type Confidence = (typeof CONFIDENCES)[number];

/** What one device reported of another, and what that says. */
export const sightingSchema = z.object({
  source: z
    .enum(['lldp', 'fdb', 'arp'])
    .describe(
      'lldp: the other end told it; fdb: forwarding table of a bridge; arp: ARP or neighbour discovery',
    ),
  device: z.string().describe('the device that reports it'),
  interface: z.string().describe('its port'),
  sees: z.string().describe('the device of the inventory at the other end'),
  as: z
    .string()
    .describe('what was reported: name, chassis, address and port of the other end, as far as told'),
  agent: z.string().describe('who measured it'),
  observedAtMs: unixMs,
});
export type Sighting = Readonly<z.infer<typeof sightingSchema>>;

/** A neighbour, and which device of the inventory it is; or one that others see at a port. */
export type Seen =
  | { readonly neighbour: Neighbour; readonly to: string }
  | { readonly stations: Stations; readonly to: string };

export function sightingOf(seen: Seen): Sighting {
  if ('neighbour' in seen) {
    const { device, agent, observedAtMs, interface: port } = seen.neighbour;
    const as = describe(seen.neighbour);
    return { source: 'lldp', device, interface: port, sees: seen.to, as, agent, observedAtMs };
  }
  const { device, agent, observedAtMs, interface: port, source, devices } = seen.stations;
  const as = `known devices at the port: ${devices.join(', ')}`;
  return { source, device, interface: port, sees: seen.to, as, agent, observedAtMs };
}

/** `sw-2, chassis 00:1c:73:b4:fd:69, address 10.26.7.2, port Gi0/1`. */
export function describe({ name, chassis, address, port }: Omit<Neighbour, 'device'>): string {
  const parts = [
    name,
    chassis !== undefined && chassis !== name ? `chassis ${chassis}` : undefined,
    address === undefined ? undefined : `address ${address}`,
    port === undefined ? undefined : `port ${port}`,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? 'a neighbour without a name' : parts.join(', ');
}

/** `link`: a link between two sites that the inventory lacks. `parents`: what a site or a device is reached through, too. */
export const PROPOSAL_KINDS = ['link', 'parents'] as const;
export type ProposalKind = (typeof PROPOSAL_KINDS)[number];

/** A change of the inventory that the measured wiring asks for. */
export interface Proposal {
  /** Made of what is proposed: the same until that differs. */
  readonly id: string;
  readonly kind: ProposalKind;
  readonly confidence: Confidence;
  /** Where it is: of a link both ends. */
  readonly sites: readonly string[];
  readonly units: readonly string[];
  readonly change: EntryChange;
  readonly evidence: readonly Seen[];
}

/** `parts`: what is proposed, and of what. */
export function proposalId(...parts: readonly string[]): string {
  return `t-${hash('sha256', JSON.stringify(parts)).slice(0, 16)}`;
}

/** The one that is less sure. */
export function weaker(a: Confidence, b: Confidence): Confidence {
  return CONFIDENCES.indexOf(a) >= CONFIDENCES.indexOf(b) ? a : b;
}
