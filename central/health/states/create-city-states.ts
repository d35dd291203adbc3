import type { Clock } from '../../../runtime/clock.ts';
import type { LiveInventory } from '../../inventory/live-inventory.ts';
import type { AgentRegistry } from '../../liveness/agent-registry.ts';
import type { BatchObserver } from '../../samples/batch-observer.ts';
import type { SeriesRegistry } from '../../samples/series-registry.ts';
import { AgentWatch } from './agent-watch.ts';
import {
  buildGraph,
  portKey,
  type AgentNode,
  type CityGraph,
  type DeviceNode,
  type LinkNode,
  type SiteNode,
} from './city-graph.ts';
import type { CityStates, StateChange, StateListener, StateMoment } from './city-states.ts';
import { describeDevice, describeLink, describeSite, describeUnit } from './describe.ts';
import { EvidenceObserver, type Subjects } from './evidence-observer.ts';
import { ExpiryQueue } from './expiry-queue.ts';
import { dayOf } from './in-service.ts';
import { Reckoning } from './reckoning.ts';
import { SharedSilence } from './silence.ts';
import { Standing } from './standing.ts';
import type { ElementKind, ElementRef, State, StateCounts, StateView } from './state-view.ts';
import { isSameStructure } from './structure.ts';
import { decide, decideLink } from './verdict.ts';
import { EvidenceSubject, type Witness } from './witness.ts';

export interface CityStatesDeps {
  readonly inventory: LiveInventory;
  readonly registry: Pick<AgentRegistry, 'phaseOf' | 'absences' | 'intervalOf' | 'clockCorrectionOf'>;
  readonly series: Pick<SeriesRegistry, 'onForgotten'>;
  readonly clock: Pick<Clock, 'now'>;
  /** Of the days on which things are installed and retired. */
  readonly timeZone: string;
}

/** What the rest of central tells the states, besides samples. */
export interface StateEngine extends CityStates, BatchObserver {
  /** Every half second. */
  tick(): void;
  /** Nearly all agents fell silent at once: nothing can be said, until they are heard again. */
  setDeaf(isDeaf: boolean): void;
  /** Central did not run for `stalledMs` until now: nothing has run out for that. */
  recordStall(stalledMs: number): void;
  /** Central's time was set by `stepMs`. */
  shiftTime(stepMs: number): void;
  /** What each element was before central started, by its reference: its begin goes on if it turns out to be the same. */
  restore(before: ReadonlyMap<string, { readonly state: State; readonly sinceMs: number }>): void;
}

export function createCityStates(deps: CityStatesDeps): StateEngine {
  return new Engine(deps);
}

class Engine implements StateEngine {
  readonly #deps: CityStatesDeps;
  readonly #observer: EvidenceObserver;
  readonly #queue = new ExpiryQueue<Witness>();
  readonly #standings = new Map<string, Standing>();
  readonly #subjects = new Map<string, EvidenceSubject>();
  readonly #dirtySubjects = new Set<string>();
  readonly #disputed = new Map<ElementRef, readonly string[]>();
  readonly #silence: SharedSilence;
  readonly #agents: AgentWatch;
  readonly #listeners: StateListener[] = [];
  #graph: CityGraph;
  #reckoning: Reckoning;
  #generation = 0;
  #isStale = true;
  #dayEndsMs = 0;
  #counts = emptyCounts();

  constructor(deps: CityStatesDeps) {
    this.#deps = deps;
    this.#graph = EMPTY_GRAPH;
    this.#reckoning = new Reckoning(EMPTY_GRAPH);
    this.#silence = new SharedSilence((site) => this.#reckoning.markSite(site));
    this.#agents = new AgentWatch({
      registry: deps.registry,
      onLive: (agent) => {
        for (const ref of agent.speaksOf) this.#dirtySubjects.add(ref);
        this.#touchSite(agent);
      },
      onHeard: (agent, change) => {
        this.#changeHeard(agent.site, change);
        this.#touchSite(agent);
      },
      setMissed: (agent, isMissed, nowMs) => this.#silence.setMissed(agent, isMissed, nowMs),
    });
    this.#observer = new EvidenceObserver(
      {
        subjects: this.#asSubjects(),
        queue: this.#queue,
        registry: deps.registry,
        onHeard: (agent, receivedAtMs) => {
          this.#silence.noteHeard(receivedAtMs);
          this.#agents.noteSpoken(agent, deps.clock.now());
        },
      },
      deps.series,
    );
    deps.inventory.onChange((now, before) => {
      if (!isSameStructure(before, now)) this.#isStale = true;
    });
    this.#settle();
  }

  observe(...batch: Parameters<BatchObserver['observe']>): void {
    if (this.#isStale) this.#settle();
    this.#observer.observe(...batch);
  }

  tick(): void {
    this.#agents.tick(this.#deps.clock.now());
    this.#settle();
  }

  get(ref: string): StateView | undefined {
    this.#settle();
    const standing = this.#standings.get(ref);
    if (standing === undefined) return undefined;
    const { state, sinceMs, roots } = standing;
    return { state, sinceMs, roots: [...roots], ...this.#explain(ref) };
  }

  momentOf(ref: string): StateMoment | undefined {
    this.#settle();
    return this.#standings.get(ref)?.moment;
  }

  *list(kind: ElementKind): Iterable<readonly [ElementRef, StateMoment]> {
    this.#settle();
    for (const { ref, standing } of this.#nodesOf(kind).values()) yield [ref, standing.moment];
  }

  disputed(): ReadonlyMap<ElementRef, readonly string[]> {
    this.#settle();
    return this.#disputed;
  }

  counts(kind: ElementKind): StateCounts {
    this.#settle();
    return { ...this.#counts[kind] };
  }

  deviceCounts(place: string): StateCounts | undefined {
    this.#settle();
    const [kind, id] = splitRef(place);
    const { units, sites } = this.#graph;
    const devices = (kind === 'unit' ? units : kind === 'site' ? sites : undefined)?.get(id)?.devices;
    if (devices === undefined) return undefined;
    const counts = { up: 0, down: 0, unreachable: 0, unknown: 0 };
    for (const { standing } of devices) counts[standing.state]++;
    return counts;
  }

  onChange(listener: StateListener): void {
    this.#listeners.push(listener);
  }

  setDeaf(isDeaf: boolean): void {
    if (this.#reckoning.isBlind === isDeaf) return;
    this.#settle();
    const nowMs = this.#deps.clock.now();
    for (const standing of this.#standings.values()) {
      if (isDeaf) standing.hold(nowMs);
      else standing.endHold(nowMs);
    }
    this.#reckoning.isBlind = isDeaf;
    this.#reckoning.markAll();
  }

  recordStall(stalledMs: number): void {
    for (const { witnesses } of this.#subjects.values())
      for (const witness of witnesses) witness.shift(0, stalledMs);
    this.#queue.shift(stalledMs);
  }

  shiftTime(stepMs: number): void {
    for (const { witnesses } of this.#subjects.values())
      for (const witness of witnesses) witness.shift(stepMs, stepMs);
    this.#queue.shift(stepMs);
    this.#silence.shift(stepMs);
    for (const standing of this.#standings.values()) standing.shift(stepMs);
    this.#isStale = true;
  }

  restore(before: ReadonlyMap<string, { readonly state: State; readonly sinceMs: number }>): void {
    this.#settle();
    for (const [ref, { state, sinceMs }] of before) {
      this.#standings.get(ref)?.restore(state, sinceMs, this.#deps.clock.now());
    }
  }

  /** Brings all states up to what has arrived, and tells of what changed. */
  #settle(): void {
    const nowMs = this.#deps.clock.now();
    if (this.#isSettled(nowMs)) return;
    const changes: StateChange[] = [];
    if (this.#isStale || nowMs >= this.#dayEndsMs) this.#rebuild(nowMs, changes);
    for (const { subject } of this.#queue.takeExpired(nowMs)) subject.markDirty();
    this.#silence.settle();
    for (const ref of this.#dirtySubjects) this.#decide(ref, nowMs);
    this.#dirtySubjects.clear();
    this.#reckoning.run((standing, { state, roots }) => {
      if (standing.isTold && standing.is(state, roots)) return;
      const before = standing.isTold ? standing.moment : undefined;
      standing.set(state, roots, nowMs);
      standing.isTold = true;
      const counts = this.#counts[standing.kind];
      if (before !== undefined) counts[before.state]--;
      counts[state]++;
      changes.push({ ref: standing.ref, before, after: standing.moment, atMs: nowMs });
    });
    if (changes.length > 0) for (const listener of this.#listeners) listener(changes);
  }

  /** Mostly nothing has changed, and whoever asks for a state asks for thousands. */
  #isSettled(nowMs: number): boolean {
    return (
      !this.#isStale &&
      nowMs < this.#dayEndsMs &&
      this.#dirtySubjects.size === 0 &&
      this.#reckoning.isDone &&
      !this.#silence.hasSuspects &&
      !this.#queue.hasExpired(nowMs)
    );
  }

  #decide(ref: string, nowMs: number): void {
    const [kind, id] = splitRef(ref);
    if (kind === 'link') {
      const link = this.#graph.links.get(id);
      if (link !== undefined) this.#decideLink(link, nowMs);
      return;
    }
    const device = this.#graph.devices.get(id);
    if (device === undefined) return;
    const wasWell = device.decision.verdict === 'well';
    device.decision = decide(device.evidence.witnesses, device.owners, (agent) => this.#isLive(agent), nowMs);
    const { verdict, disputedBy } = device.decision;
    if (disputedBy.length > 0) this.#disputed.set(device.ref, disputedBy);
    else this.#disputed.delete(device.ref);
    const isWell = verdict === 'well';
    if (wasWell !== isWell) this.#changeHeard(device.site, isWell ? 1 : -1);
    this.#reckoning.markDevice(device);
  }

  #decideLink(link: LinkNode, nowMs: number): void {
    link.decision = decideLink(link.evidence.witnesses, (agent) => this.#isLive(agent), nowMs);
    this.#reckoning.markLink(link);
  }

  #isLive(agent: string): boolean {
    return this.#graph.agents.get(agent)?.isLive === true;
  }

  #changeHeard(site: SiteNode | undefined, change: 1 | -1): void {
    if (site === undefined) return;
    const before = site.heard;
    this.#silence.addHeard(site, change);
    if (before === 0 || site.heard === 0) this.#reckoning.markSite(site);
  }

  /** The texts and the state of its place may be others. */
  #touchSite({ id, site }: AgentNode): void {
    if (site !== undefined) this.#reckoning.markSiteState(site);
    const unit = this.#deps.inventory.agents.get(id)?.unit;
    if (unit !== undefined) this.#reckoning.markUnit(unit);
  }

  /** The inventory, or the day, is another one. */
  #rebuild(nowMs: number, changes: StateChange[]): void {
    const { inventory, timeZone } = this.#deps;
    this.#isStale = false;
    const { day, endsMs } = dayOf(nowMs, timeZone);
    this.#dayEndsMs = endsMs;
    const { isBlind } = this.#reckoning;
    this.#generation++;
    this.#graph = buildGraph(inventory, day, {
      evidenceOf: (ref) => this.#subjectOf(ref),
      standingOf: (ref) => this.#standingOf(ref, nowMs),
    });
    this.#forgetGone(nowMs, changes);
    this.#reckoning = new Reckoning(this.#graph);
    this.#reckoning.isBlind = isBlind;
    this.#silence.forget();
    this.#agents.replace(this.#graph.agents, nowMs);
    for (const ref of this.#subjects.keys()) this.#dirtySubjects.add(ref);
  }

  #forgetGone(atMs: number, changes: StateChange[]): void {
    for (const [ref, standing] of this.#standings) {
      if (this.#find(ref) !== undefined) continue;
      this.#standings.delete(ref);
      this.#disputed.delete(standing.ref);
      const subject = this.#subjects.get(ref);
      if (subject !== undefined) subject.isGone = true;
      this.#subjects.delete(ref);
      if (!standing.isTold) continue;
      this.#counts[standing.kind][standing.state]--;
      changes.push({ ref: standing.ref, before: standing.moment, after: undefined, atMs });
    }
  }

  #subjectOf(ref: ElementRef): EvidenceSubject {
    let subject = this.#subjects.get(ref);
    if (subject === undefined) {
      subject = new EvidenceSubject(() => this.#dirtySubjects.add(ref));
      this.#subjects.set(ref, subject);
    }
    return subject;
  }

  #standingOf(ref: ElementRef, nowMs: number): Standing {
    let standing = this.#standings.get(ref);
    if (standing === undefined) {
      standing = new Standing(splitRef(ref)[0], ref, nowMs);
      this.#standings.set(ref, standing);
    }
    return standing;
  }

  #asSubjects(): Subjects {
    const generation = (): number => this.#generation;
    return {
      get generation() {
        return generation();
      },
      device: (id) => {
        const node = this.#graph.devices.get(id);
        if (node === undefined) return undefined;
        const { evidence, device } = node;
        return { evidence, expectedMs: (measurement) => expectedMsOf(device, measurement) };
      },
      linkAt: (device, port) => {
        const found = this.#graph.linkEnds.get(portKey(device, port));
        return found && { evidence: found.link.evidence, end: found.end };
      },
    };
  }

  #nodesOf(kind: ElementKind): CityGraph['devices' | 'sites' | 'links' | 'units'] {
    const { devices, sites, links, units } = this.#graph;
    return { device: devices, site: sites, link: links, unit: units }[kind];
  }

  #find(ref: string) {
    const [kind, id] = splitRef(ref);
    return this.#nodesOf(kind).get(id);
  }

  #explain(ref: string): Omit<StateView, 'state' | 'sinceMs' | 'roots'> {
    const { registry, clock } = this.#deps;
    const deps = {
      graph: this.#graph,
      isBlind: this.#reckoning.isBlind,
      phaseOf: (agent: string) => registry.phaseOf(agent, clock.now()),
    };
    const [kind, id] = splitRef(ref);
    const { devices, links, sites, units } = this.#graph;
    const node = (kind === 'device' ? devices : kind === 'link' ? links : undefined)?.get(id);
    if (node !== undefined) {
      const { fresh, disputedBy } = node.decision;
      const reviewMs = Math.min(...fresh.map(({ freshUntilMs }) => freshUntilMs));
      return {
        reason: 'device' in node ? describeDevice(node, deps) : describeLink(node, deps),
        evidence: fresh.map((witness) => witness.describe()),
        isDisputed: disputedBy.length > 0,
        disputedBy: [...disputedBy],
        ...(Number.isFinite(reviewMs) && { nextReviewMs: reviewMs }),
      };
    }
    const site = kind === 'site' ? sites.get(id) : undefined;
    const unit = kind === 'unit' ? units.get(id) : undefined;
    const reason = site !== undefined ? describeSite(site, deps) : unit && describeUnit(unit, deps);
    return { reason: reason ?? '', evidence: [], isDisputed: false, disputedBy: [] };
  }
}

function expectedMsOf({ expects = [] }: DeviceNode['device'], measurement: string): number | undefined {
  return expects.find((each) => each.measurement === measurement)?.intervalMs;
}

/** `ref` was made by `refOf`, or leads to nothing. */
function splitRef(ref: string): readonly [ElementKind, string] {
  const colon = ref.indexOf(':');
  return [ref.slice(0, colon) as ElementKind, ref.slice(colon + 1)];
}

type Counts = Record<ElementKind, Record<State, number>>;

function emptyCounts(): Counts {
  const none = (): Record<State, number> => ({ up: 0, down: 0, unreachable: 0, unknown: 0 });
  return { device: none(), site: none(), link: none(), unit: none() };
}

const EMPTY_GRAPH: CityGraph = {
  devices: new Map(),
  sites: new Map(),
  links: new Map(),
  units: new Map(),
  agents: new Map(),
  linkEnds: new Map(),
  steps: [],
};
