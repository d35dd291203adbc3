import type { Roots, Standing } from './standing.ts';
import type { ElementKind, ElementRef } from './state-view.ts';
import type { DeviceStructure, LinkStructure, SiteStructure, UnitStructure } from './structure.ts';
import { NOTHING_KNOWN, type Decision } from './verdict.ts';
import type { EvidenceSubject } from './witness.ts';

export interface AgentNode {
  readonly id: string;
  readonly site: SiteNode | undefined;
  unit: UnitNode | undefined;
  /** The devices and links that it may speak of. */
  readonly speaksOf: (DeviceNode | LinkNode)[];
  isLive: boolean;
  /** Live, and something that it measured has arrived since central started. */
  isHeard: boolean;
  /** Silent for more than three of its intervals in which central listened. */
  isMissed: boolean;
}

/** A step of the reckoning; comes after all that it depends on, but for those of its ring. */
export interface Step {
  readonly kind: 'entry' | 'device' | 'exit';
  readonly of: SiteNode | DeviceNode;
  at: number;
  readonly dependents: Step[];
  /** Steps that depend on each other, itself among them, one after the other in the order. */
  ring: readonly Step[] | undefined;
}

export class DeviceNode {
  readonly ref: ElementRef;
  device: DeviceStructure;
  readonly site: SiteNode | undefined;
  unit: UnitNode | undefined = undefined;
  readonly parents: DeviceNode[] = [];
  /** That end at it. */
  readonly links: LinkNode[] = [];
  /** In the order in which they are believed. */
  owners: readonly string[];
  /** The site's connection runs through it. */
  readonly isCarrier: boolean;
  readonly evidence: EvidenceSubject;
  readonly standing: Standing;
  readonly step: Step = { kind: 'device', of: this, at: 0, dependents: [], ring: undefined };
  decision: Decision = NOTHING_KNOWN;
  /** What is to blame for all behind it; undefined: it stops nothing. */
  stops: Roots | undefined = undefined;

  constructor(device: DeviceStructure, site: SiteNode | undefined, kept: Kept) {
    this.ref = refOf('device', device.id);
    this.device = device;
    this.site = site;
    this.owners = ownersOf(device);
    this.isCarrier = device.kind === 'node';
    this.evidence = kept.evidenceOf(this.ref);
    this.standing = kept.standingOf('device', this.ref);
  }
}

export function ownersOf({ agent, otherAgents = [] }: DeviceStructure): readonly string[] {
  return [agent, ...otherAgents];
}

/** A way from a site to the one above it, and the lines that are declared for it. */
export interface Way {
  readonly to: SiteNode;
  readonly links: LinkNode[];
}

export class SiteNode {
  readonly ref: ElementRef;
  readonly site: SiteStructure;
  unit: UnitNode | undefined = undefined;
  readonly ways: Way[] = [];
  readonly devices: DeviceNode[] = [];
  readonly carriers: DeviceNode[] = [];
  readonly agents: AgentNode[] = [];
  /** That end at it, at no device. */
  readonly links: LinkNode[] = [];
  readonly standing: Standing;
  readonly entry: Step = { kind: 'entry', of: this, at: 0, dependents: [], ring: undefined };
  readonly exit: Step = { kind: 'exit', of: this, at: 0, dependents: [], ring: undefined };
  /** The nearest site that all ways lead over. */
  above: SiteNode | undefined = undefined;
  /** Agents and devices here that are heard. */
  heard = 0;
  /** The same here and at the sites that are reached through this one only. */
  heardBelow = 0;
  missedBelow = 0;
  /** When the last one of those was found to be silent. */
  lastMissedMs = -Infinity;
  /** All of them fell silent together. */
  isCut = false;
  /** Its own state is to be reckoned. */
  isMarked = false;
  /** Why no way leads to it; undefined: one may. */
  off: Roots | undefined = undefined;
  /** What is to blame for all behind it. */
  stops: Roots | undefined = undefined;

  constructor(site: SiteStructure, kept: Kept) {
    this.ref = refOf('site', site.id);
    this.site = site;
    this.standing = kept.standingOf('site', this.ref);
  }
}

export interface LinkNode {
  readonly ref: ElementRef;
  readonly link: LinkStructure;
  readonly sites: readonly SiteNode[];
  /** Of each end what it is at: its device, or its site. */
  readonly ends: readonly (DeviceNode | SiteNode)[];
  readonly evidence: EvidenceSubject;
  readonly standing: Standing;
  decision: Decision;
  isMarked: boolean;
}

export interface UnitNode {
  readonly ref: ElementRef;
  readonly unit: UnitStructure;
  readonly devices: DeviceNode[];
  readonly sites: SiteNode[];
  readonly agents: AgentNode[];
  readonly standing: Standing;
  isMarked: boolean;
}

export interface CityGraph {
  /** In the order of the inventory, as the others. */
  readonly devices: ReadonlyMap<string, DeviceNode>;
  readonly sites: ReadonlyMap<string, SiteNode>;
  readonly links: ReadonlyMap<string, LinkNode>;
  readonly units: ReadonlyMap<string, UnitNode>;
  readonly agents: ReadonlyMap<string, AgentNode>;
  readonly linkEnds: ReadonlyMap<string, { readonly link: LinkNode; readonly end: number }>;
  /** In the order in which they are reckoned. */
  readonly steps: readonly Step[];
  /** Some things only lead back to themselves. */
  readonly hasMistakes: boolean;
}

/** What lives longer than a graph. */
export interface Kept {
  evidenceOf(ref: ElementRef): EvidenceSubject;
  standingOf(kind: ElementKind, ref: ElementRef): Standing;
}

export function refOf(kind: ElementKind, id: string): ElementRef {
  return `${kind}:${id}`;
}

/** The key of `linkEnds`; no id has a space. */
export function portKey(device: string, port: string): string {
  return `${device} ${port}`;
}

/** What is no node of the network is reached through its site's nodes, where there are any. */
export function usesExit({ isCarrier }: Pick<DeviceNode, 'isCarrier'>, { carriers }: SiteNode): boolean {
  return !isCarrier && carriers.length > 0;
}

/** The id within a reference. */
export function idOf(ref: string): string {
  return ref.slice(ref.indexOf(':') + 1);
}

export const EMPTY_GRAPH: CityGraph = {
  devices: new Map(),
  sites: new Map(),
  links: new Map(),
  units: new Map(),
  agents: new Map(),
  linkEnds: new Map(),
  steps: [],
  hasMistakes: false,
};

export function nodesOf(
  { devices, sites, links, units }: CityGraph,
  kind: ElementKind,
): CityGraph['devices' | 'sites' | 'links' | 'units'] {
  return { device: devices, site: sites, link: links, unit: units }[kind];
}
