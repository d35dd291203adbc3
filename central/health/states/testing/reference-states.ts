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
  /** What a way leads to, such as `exit:s-1`: found again and again, from nothing on, until no more is. */
  readonly #open = new Set<string>();

  constructor(world: World) {
    this.#world = world;
    const { sites, devices } = world.file;
    const parts = [
      ...sites.flatMap(({ id }) => [`entry:${id}`, `exit:${id}`]),
      ...devices.map(({ id }) => `device:${id}`),
    ];
    for (let size = -1; size !== this.#open.size;) {
      size = this.#open.size;
      for (const part of parts) if (this.#blamed(part) === undefined) this.#open.add(part);
    }
  }

  device(id: string): Standing {
    const device = this.#device(id);
    const verdict = this.#verdict(device);
    if (verdict === true) return { state: 'up', roots: [] };
    const blamed = this.#blamedAbove(device);
    if (blamed !== undefined) return { state: 'unreachable', roots: this.#rootsOf(`device:${id}`) ?? [] };
    return { state: verdict === false ? 'down' : 'unknown', roots: [] };
  }

  site(id: string): Standing {
    const devices = this.#devicesAt(id);
    const nodes = devices.filter(({ kind }) => kind === 'node');
    const states = new Map(devices.map((device) => [device.id, this.device(device.id)]));
    if (nodes.length > 0 && nodes.every((node) => states.get(node.id)?.state === 'down'))
      return { state: 'down', roots: [] };
    if (this.#isSiteHeard(id)) return { state: 'up', roots: [] };
    const off = this.#rootsOf(`entry:${id}`);
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
      this.#rootsOf(end.device === undefined ? `exit:${end.site}` : `device:${end.device}`),
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

  /** What is to blame that no way leads over it, such as `exit:s-1`; undefined: one does. */
  #rootsOf(part: string): readonly string[] | undefined {
    return this.#open.has(part) ? undefined : together([this.#allBlamed(part, new Set())]);
  }

  /** Over all that is shut, round any ring, to what is down or cut. */
  #allBlamed(part: string, seen: Set<string>): string[] {
    if (seen.has(part)) return [];
    seen.add(part);
    return (this.#blamed(part) ?? []).flatMap((each) =>
      /^(entry|exit|via):/.test(each) ? this.#allBlamed(each.replace('via:', 'device:'), seen) : [each],
    );
  }

  /** What shuts it: roots, and other parts that are shut (devices as `via:d-1`). undefined: nothing does. */
  #blamed(part: string): readonly string[] | undefined {
    const [kind, id = ''] = part.split(':');
    if (kind === 'entry') return this.#blamedAtEntry(id);
    if (kind === 'exit') return this.#blamedAtExit(id);
    const device = this.#device(id);
    const verdict = this.#verdict(device);
    if (verdict === true) return undefined;
    return this.#blamedAbove(device) ?? (verdict === false ? [part] : undefined);
  }

  #blamedAbove(device: Device): readonly string[] | undefined {
    const hasNodes = this.#devicesAt(device.site).some(({ kind }) => kind === 'node');
    const at = `${device.kind !== 'node' && hasNodes ? 'exit' : 'entry'}:${device.site}`;
    if (!this.#isSiteHeard(device.site) && !this.#open.has(at)) return [at];
    return ifAllShut((device.parents ?? []).map((parent) => this.#shut(`device:${parent}`)));
  }

  #blamedAtEntry(id: string): readonly string[] | undefined {
    if (this.#isSiteHeard(id)) return undefined;
    const ways = (this.#site(id).parents ?? []).map((parent) => {
      const links = this.#world.file.links.filter(({ ends }) => {
        const sites = ends.map(({ site }) => site);
        return sites.includes(id) && sites.includes(parent) && id !== parent;
      });
      const areCut = links.length > 0 && links.every((link) => this.#linkVerdict(link.id) === false);
      return areCut ? links.map((link) => `link:${link.id}`) : this.#shut(`exit:${parent}`);
    });
    const overWays = ifAllShut(ways);
    if (overWays !== undefined) return overWays;
    const isMeasured = this.#devicesAt(id).some(
      (device) => device.kind === 'node' && this.#verdict(device) === false,
    );
    return this.#isCut(id) && !isMeasured ? [`site:${id}`] : undefined;
  }

  #blamedAtExit(siteId: string): readonly string[] | undefined {
    const devices = this.#devicesAt(siteId);
    const nodes = devices.filter(({ kind }) => kind === 'node');
    if (nodes.length > 0) return ifAllShut(nodes.map(({ id }) => this.#shut(`device:${id}`)));
    if (!this.#open.has(`entry:${siteId}`)) return [`entry:${siteId}`];
    const isDown =
      !this.#isSiteHeard(siteId) &&
      devices.length > 0 &&
      devices.every((device) => this.#verdict(device) === false);
    return isDown ? [`site:${siteId}`] : undefined;
  }

  #shut(part: string): readonly string[] | undefined {
    return this.#open.has(part) ? undefined : [part.replace('device:', 'via:')];
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
  #canBeReachedWithout(site: Site, avoided: string, seen = new Set<string>()): boolean {
    if (site.id === avoided || seen.has(site.id)) return false;
    seen.add(site.id);
    const parents = site.parents ?? [];
    return (
      parents.length === 0 ||
      parents.some((parent) => this.#canBeReachedWithout(this.#site(parent), avoided, seen))
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

/** undefined: one of them is open, or there are none. */
function ifAllShut(lists: readonly (readonly string[] | undefined)[]): readonly string[] | undefined {
  const shut = lists.filter((each) => each !== undefined);
  return lists.length === 0 || shut.length < lists.length ? undefined : shut.flat();
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
