import type { Device, InventoryFile, Site } from '../../../../contract/inventory.ts';
import type { State } from '../state-view.ts';

/** What was measured of a device or of a port, as it was sent. */
export interface SentEvidence {
  readonly agent: string;
  readonly device: string;
  readonly what: 'up' | 'ping' | 'report' | 'port';
  readonly target: string;
  readonly isWell: boolean;
  readonly atMs: number;
}

export interface World {
  readonly file: Pick<InventoryFile, 'sites' | 'agents' | 'devices' | 'links'>;
  readonly evidence: readonly SentEvidence[];
  readonly nowMs: number;
  /** Evidence is fresh for so long. */
  readonly freshMs: number;
  readonly isLive: (agent: string) => boolean;
  /** Live, and has sent something. */
  readonly isHeard: (agent: string) => boolean;
  /** When it was found to have been silent for long enough; undefined: it was not. */
  readonly missedAtMs: (agent: string) => number | undefined;
  /** When any agent was last heard. */
  readonly lastHeardMs: number;
}

interface Standing {
  readonly state: State;
  readonly roots: readonly string[];
}

/** The states of docs/states.md, word for word and without any thought of speed: everything is asked anew for each element. */
export class ReferenceStates {
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  device(id: string): Standing {
    const device = this.#device(id);
    const verdict = this.#verdict(device);
    if (verdict === true) return { state: 'up', roots: [] };
    const roots = this.#rootsAbove(device);
    if (roots !== undefined) return { state: 'unreachable', roots };
    return { state: verdict === false ? 'down' : 'unknown', roots: [] };
  }

  site(id: string): Standing {
    const devices = this.#devicesAt(id);
    const nodes = devices.filter(({ kind }) => kind === 'node');
    const states = new Map(devices.map((device) => [device.id, this.device(device.id)]));
    if (nodes.length > 0 && nodes.every((node) => states.get(node.id)?.state === 'down'))
      return { state: 'down', roots: [] };
    if (this.#isSiteHeard(id)) return { state: 'up', roots: [] };
    const off = this.#rootsOfSite(id);
    if (off !== undefined) return { state: 'unreachable', roots: off };
    if ([...states.values()].some(({ state }) => state === 'down')) return { state: 'down', roots: [] };
    if (devices.length > 0 && [...states.values()].every(({ state }) => state === 'unreachable'))
      return { state: 'unreachable', roots: together([...states.values()].map(({ roots }) => roots)) };
    return { state: 'unknown', roots: [] };
  }

  link(id: string): Standing {
    const isUp = this.#linkVerdict(id);
    if (isUp !== undefined) return { state: isUp ? 'up' : 'down', roots: [] };
    const link = found(this.#world.file.links, id);
    const blocked = link.ends.map((end) =>
      end.device === undefined ? this.#blockedBy(end.site) : this.#blockedByDevice(end.device),
    );
    const roots = ifAll(blocked);
    return roots === undefined ? { state: 'unknown', roots: [] } : { state: 'unreachable', roots };
  }

  #verdict(device: Device): boolean | undefined {
    for (const agent of [device.agent, ...(device.otherAgents ?? [])]) {
      if (!this.#world.isLive(agent)) continue;
      for (const what of ['up', 'ping', 'report'] as const) {
        const said = this.#newest(
          (each) => each.device === device.id && each.agent === agent && each.what === what,
        );
        if (said.length > 0) return said.some(({ isWell }) => isWell);
      }
    }
    return undefined;
  }

  #linkVerdict(id: string): boolean | undefined {
    const link = found(this.#world.file.links, id);
    const said = link.ends
      .flatMap(({ device, interface: port }) =>
        this.#newest((each) => each.device === device && each.what === 'port' && each.target === port),
      )
      .filter(({ agent }) => this.#world.isLive(agent));
    return said.length === 0 ? undefined : said.every(({ isWell }) => isWell);
  }

  /** Of each agent, kind and target the newest, if it is fresh. */
  #newest(isMeant: (each: SentEvidence) => boolean): SentEvidence[] {
    const newest = new Map<string, SentEvidence>();
    for (const each of this.#world.evidence.filter(isMeant)) {
      const key = `${each.agent} ${each.what} ${each.device} ${each.target}`;
      const known = newest.get(key);
      const isNewer =
        known === undefined || each.atMs > known.atMs || (each.atMs === known.atMs && !each.isWell);
      if (isNewer) newest.set(key, each);
    }
    return [...newest.values()].filter(({ atMs }) => atMs + this.#world.freshMs >= this.#world.nowMs);
  }

  #rootsAbove(device: Device): readonly string[] | undefined {
    const hasNodes = this.#devicesAt(device.site).some(({ kind }) => kind === 'node');
    if (!this.#isSiteHeard(device.site)) {
      const ofSite =
        device.kind !== 'node' && hasNodes ? this.#blockedBy(device.site) : this.#rootsOfSite(device.site);
      if (ofSite !== undefined) return ofSite;
    }
    const parents = (device.parents ?? []).map((parent) => this.#blockedByDevice(parent));
    return ifAll(parents);
  }

  #rootsOfSite(id: string): readonly string[] | undefined {
    if (this.#isSiteHeard(id)) return undefined;
    const ways = (this.#site(id).parents ?? []).map((parent) => {
      const links = this.#world.file.links.filter(({ ends }) => {
        const sites = ends.map(({ site }) => site);
        return sites.includes(id) && sites.includes(parent) && id !== parent;
      });
      if (links.length > 0 && links.every((link) => this.#linkVerdict(link.id) === false))
        return together([links.map((link) => `link:${link.id}`)]);
      return this.#blockedBy(parent);
    });
    const overWays = ifAll(ways);
    if (overWays !== undefined) return overWays;
    const isMeasured = this.#devicesAt(id).some(
      (device) => device.kind === 'node' && this.#verdict(device) === false,
    );
    return this.#isCut(id) && !isMeasured ? [`site:${id}`] : undefined;
  }

  #blockedBy(siteId: string): readonly string[] | undefined {
    const devices = this.#devicesAt(siteId);
    const nodes = devices.filter(({ kind }) => kind === 'node').map(({ id }) => this.#blockedByDevice(id));
    if (nodes.length > 0) return ifAll(nodes);
    const off = this.#rootsOfSite(siteId);
    if (off !== undefined) return off;
    const isDown =
      !this.#isSiteHeard(siteId) &&
      devices.length > 0 &&
      devices.every((device) => this.#verdict(device) === false);
    return isDown ? [`site:${siteId}`] : undefined;
  }

  #blockedByDevice(id: string): readonly string[] | undefined {
    const { state, roots } = this.device(id);
    return state === 'down' ? [`device:${id}`] : state === 'unreachable' ? roots : undefined;
  }

  #isCut(id: string): boolean {
    const behind = this.#world.file.sites.filter(
      (site) => site.id === id || !this.#canBeReachedWithout(site, id),
    );
    const agents = this.#world.file.agents.filter(({ site }) => behind.some((each) => each.id === site));
    const missedAtMs = agents.flatMap((agent) => this.#world.missedAtMs(agent.id) ?? []);
    return (
      missedAtMs.length >= 3 &&
      this.#world.lastHeardMs > Math.max(...missedAtMs) &&
      behind.every((site) => !this.#isSiteHeard(site.id))
    );
  }

  /** From any site that needs no other. */
  #canBeReachedWithout(site: Site, avoided: string): boolean {
    if (site.id === avoided) return false;
    const parents = site.parents ?? [];
    return (
      parents.length === 0 || parents.some((parent) => this.#canBeReachedWithout(this.#site(parent), avoided))
    );
  }

  #isSiteHeard(id: string): boolean {
    const { file, isHeard } = this.#world;
    return (
      file.agents.some(({ id: agent, site }) => site === id && isHeard(agent)) ||
      this.#devicesAt(id).some((device) => this.#verdict(device) === true)
    );
  }

  #devicesAt(site: string): Device[] {
    return this.#world.file.devices.filter((device) => device.site === site);
  }

  #device(id: string): Device {
    return found(this.#world.file.devices, id);
  }

  #site(id: string): Site {
    return found(this.#world.file.sites, id);
  }
}

/** undefined: one of them has none, or there are none. */
function ifAll(lists: readonly (readonly string[] | undefined)[]): readonly string[] | undefined {
  const present = lists.filter((roots) => roots !== undefined);
  return lists.length === 0 || present.length < lists.length ? undefined : together(present);
}

function found<T extends { readonly id: string }>(list: readonly T[], id: string): T {
  const item = list.find((each) => each.id === id);
  if (item === undefined) throw new Error(`no ${id}`);
  return item;
}

function together(lists: readonly (readonly string[])[]): readonly string[] {
  return [...new Set(lists.flat())].sort().slice(0, 8);
}
