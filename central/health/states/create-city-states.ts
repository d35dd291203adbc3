import type { Clock } from '../../../runtime/clock.ts';
import type { LiveInventory } from '../../inventory/live-inventory.ts';
import type { AgentRegistry } from '../../liveness/agent-registry.ts';
import type { BatchObserver } from '../../samples/batch-observer.ts';
import type { SeriesRegistry } from '../../samples/series-registry.ts';
import { AgentWatch } from './agent-watch.ts';
import { buildGraph } from './city-graph.ts';
import type { CityStates, StateChange, StateListener, StateMoment } from './city-states.ts';
import { explain, type Describing } from './describe.ts';
import { Elements } from './elements.ts';
import { EvidenceObserver, type Subjects } from './evidence-observer.ts';
import { ExpiryQueue } from './expiry-queue.ts';
import {
  DeviceNode,
  EMPTY_GRAPH,
  idOf,
  nodesOf,
  portKey,
  type AgentNode,
  type CityGraph,
  type LinkNode,
  type SiteNode,
} from './graph-nodes.ts';
import { dayOf } from './in-service.ts';
import { patchGraph } from './patch-graph.ts';
import { Reckoning } from './reckoning.ts';
import { SharedSilence } from './silence.ts';
import type { Standing } from './standing.ts';
import type { ElementKind, ElementRef, State, StateCounts, StateView } from './state-view.ts';
import { isSameStructure, structureChanges, structureOf, type Structure } from './structure.ts';
import { decide, decideLink } from './verdict.ts';
import type { Witness } from './witness.ts';

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
  readonly #elements: Elements;
  readonly #disputed = new Map<ElementRef, readonly string[]>();
  readonly #silence: SharedSilence;
  readonly #agents: AgentWatch;
  readonly #listeners: StateListener[] = [];
  readonly #counts = emptyCounts();
  /** What the graph was built of. */
  #structure: Structure;
  #graph: CityGraph = EMPTY_GRAPH;
  #reckoning = new Reckoning(EMPTY_GRAPH);
  #generation = 0;
  /** What the graph is to be of; undefined: it is. */
  #nextStructure: Structure | undefined;
  #mustRebuild = true;
  #dayEndsMs = 0;
  #day = '';

  constructor(deps: CityStatesDeps) {
    const { clock, inventory, registry } = deps;
    this.#deps = deps;
    this.#structure = structureOf(inventory);
    this.#elements = new Elements(() => clock.now());
    this.#silence = new SharedSilence((site) => this.#reckoning.markSite(site));
    this.#agents = new AgentWatch({
      registry,
      onLive: (agent) => {
        for (const { evidence } of agent.speaksOf) evidence.markDirty();
        this.#touchPlace(agent);
      },
      onHeard: (agent, change) => {
        this.#changeHeard(agent.site, change);
        this.#touchPlace(agent);
      },
      setMissed: (agent, isMissed, nowMs) => this.#silence.setMissed(agent, isMissed, nowMs),
    });
    this.#observer = new EvidenceObserver(
      {
        subjects: this.#asSubjects(),
        queue: this.#queue,
        registry,
        onHeard: (agent, receivedAtMs) => {
          this.#silence.noteHeard(receivedAtMs);
          this.#agents.noteSpoken(agent, clock.now());
        },
      },
      deps.series,
    );
    inventory.onChange((now) => {
      const isSame = isSameStructure(this.#structure, now);
      // What says the same is taken all the same, so that the inventory of before is free.
      if (isSame) this.#structure = now;
      this.#nextStructure = isSame ? undefined : now;
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
    const standing = this.#elements.standing(ref);
    if (standing === undefined) return undefined;
    const { state, sinceMs, roots } = standing.moment;
    return { state, sinceMs, roots: [...roots], ...explain(standing, this.#describing()) };
  }

  momentOf(ref: string): StateMoment | undefined {
    this.#settle();
    return this.#elements.standing(ref)?.moment;
  }

  *list(kind: ElementKind): Iterable<readonly [ElementRef, StateMoment]> {
    this.#settle();
    for (const { ref, standing } of nodesOf(this.#graph, kind).values()) yield [ref, standing.moment];
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
    const { units, sites } = this.#graph;
    const id = idOf(place);
    const places = place.startsWith('unit:') ? units : place.startsWith('site:') ? sites : undefined;
    const devices = places?.get(id)?.devices;
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
    for (const standing of this.#elements.standings()) {
      if (isDeaf) standing.hold(nowMs);
      else standing.endHold(nowMs);
    }
    this.#reckoning.isBlind = isDeaf;
    this.#reckoning.markAll();
  }

  recordStall(stalledMs: number): void {
    this.#queue.shift(stalledMs);
    for (const subject of this.#elements.subjects()) {
      for (const witness of subject.witnesses) {
        witness.shift(0, stalledMs);
        // Who asked for a state before this was known has let it run out.
        this.#queue.add(witness);
      }
      subject.markDirty();
    }
  }

  shiftTime(stepMs: number): void {
    for (const { witnesses } of this.#elements.subjects())
      for (const witness of witnesses) witness.shift(stepMs, stepMs);
    this.#queue.shift(stepMs);
    this.#silence.shift(stepMs);
    for (const standing of this.#elements.standings()) standing.shift(stepMs);
    this.#mustRebuild = true;
  }

  restore(before: ReadonlyMap<string, { readonly state: State; readonly sinceMs: number }>): void {
    this.#settle();
    for (const [ref, { state, sinceMs }] of before) {
      this.#elements.standing(ref)?.restore(state, sinceMs, this.#deps.clock.now());
    }
  }

  /** Brings all states up to what has arrived, and tells of what changed. */
  #settle(): void {
    const nowMs = this.#deps.clock.now();
    if (this.#isSettled(nowMs)) return;
    const changes: StateChange[] = [];
    if (this.#isStale || nowMs >= this.#dayEndsMs) this.#renew(nowMs, changes);
    for (const { subject } of this.#queue.takeExpired(nowMs)) subject.markDirty();
    this.#silence.settle();
    this.#elements.takeDirty((node) => this.#decide(node, nowMs));
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

  get #isStale(): boolean {
    return this.#mustRebuild || this.#nextStructure !== undefined;
  }

  /** Mostly nothing has changed, and whoever asks for a state asks for thousands. */
  #isSettled(nowMs: number): boolean {
    return (
      !this.#isStale &&
      nowMs < this.#dayEndsMs &&
      !this.#elements.hasDirty &&
      this.#reckoning.isDone &&
      !this.#silence.hasSuspects &&
      !this.#queue.hasExpired(nowMs)
    );
  }

  #decide(node: DeviceNode | LinkNode, nowMs: number): void {
    const isLive = (agent: string): boolean => this.#graph.agents.get(agent)?.isLive === true;
    if (!(node instanceof DeviceNode)) {
      node.decision = decideLink(node.evidence.witnesses, isLive, nowMs);
      this.#reckoning.markLink(node);
      return;
    }
    const wasWell = node.decision.verdict === 'well';
    node.decision = decide(node.evidence.witnesses, node.owners, isLive, nowMs);
    const { verdict, disputedBy } = node.decision;
    if (disputedBy.length > 0) this.#disputed.set(node.ref, disputedBy);
    else if (this.#disputed.size > 0) this.#disputed.delete(node.ref);
    const isWell = verdict === 'well';
    if (wasWell !== isWell) this.#changeHeard(node.site, isWell ? 1 : -1);
    this.#reckoning.markDevice(node);
  }

  #changeHeard(site: SiteNode | undefined, change: 1 | -1): void {
    if (site === undefined) return;
    const before = site.heard;
    this.#silence.addHeard(site, change);
    if (before === 0 || site.heard === 0) this.#reckoning.markSite(site);
  }

  /** The texts and the state of its place may be others. */
  #touchPlace({ site, unit }: AgentNode): void {
    if (site !== undefined) this.#reckoning.markSiteState(site);
    this.#reckoning.markUnit(unit);
  }

  /** The inventory, or the day, is another one. */
  #renew(nowMs: number, changes: StateChange[]): void {
    const before = this.#structure;
    this.#structure = this.#nextStructure ?? before;
    this.#nextStructure = undefined;
    const { day, endsMs } = dayOf(nowMs, this.#deps.timeZone);
    const isSameDay = day === this.#day && !this.#mustRebuild;
    this.#day = day;
    this.#dayEndsMs = endsMs;
    this.#mustRebuild = false;
    this.#generation++;
    if (!isSameDay || !this.#patch(before, nowMs, changes)) this.#rebuild(nowMs, changes);
  }

  /** A few things are new, or other ones: most changes of an inventory. False: this takes a new graph. */
  #patch(before: Structure, nowMs: number, changes: StateChange[]): boolean {
    const differences = structureChanges(before, this.#structure);
    const deps = { inventory: this.#structure, day: this.#day, kept: this.#elements };
    const patched = differences && patchGraph(this.#graph, differences, deps);
    if (patched === undefined) return false;
    const { graph, moves, newSites, changed, removed, removedLinks } = patched;
    const hasNewAgents = graph.agents !== this.#graph.agents;
    this.#graph = graph;
    this.#reckoning.follow(graph, moves);
    for (const site of newSites) this.#reckoning.markSite(site);
    for (const node of removedLinks) {
      for (const site of node.sites) this.#reckoning.markSite(site);
      if (!graph.links.has(node.link.id)) this.#forget(node.standing, nowMs, changes);
    }
    for (const node of removed) {
      if (node.decision.verdict === 'well') this.#changeHeard(node.site, -1);
      if (node.site !== undefined) this.#reckoning.markSite(node.site);
      this.#reckoning.markUnit(node.unit);
      if (!graph.devices.has(node.device.id)) this.#forget(node.standing, nowMs, changes);
    }
    for (const node of changed) {
      this.#elements.attach(node);
      node.evidence.markDirty();
    }
    if (hasNewAgents) this.#agents.replace(graph.agents, nowMs);
    return true;
  }

  #rebuild(nowMs: number, changes: StateChange[]): void {
    const { isBlind } = this.#reckoning;
    const elements = this.#elements;
    elements.beginGraph();
    this.#graph = buildGraph(this.#structure, this.#day, elements);
    for (const node of this.#graph.devices.values()) elements.attach(node);
    for (const node of this.#graph.links.values()) elements.attach(node);
    for (const standing of elements.gone()) this.#forget(standing, nowMs, changes);
    this.#reckoning = new Reckoning(this.#graph);
    this.#reckoning.isBlind = isBlind;
    this.#silence.forget();
    this.#agents.replace(this.#graph.agents, nowMs);
    elements.markAllDirty();
  }

  #forget(standing: Standing, atMs: number, changes: StateChange[]): void {
    this.#elements.forget(standing);
    this.#disputed.delete(standing.ref);
    if (!standing.isTold) return;
    this.#counts[standing.kind][standing.state]--;
    changes.push({ ref: standing.ref, before: standing.moment, after: undefined, atMs });
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

  #describing(): Describing {
    const { registry, clock } = this.#deps;
    return {
      graph: this.#graph,
      isBlind: this.#reckoning.isBlind,
      phaseOf: (agent) => registry.phaseOf(agent, clock.now()),
    };
  }
}

function expectedMsOf({ expects = [] }: DeviceNode['device'], measurement: string): number | undefined {
  return expects.find((each) => each.measurement === measurement)?.intervalMs;
}

type Counts = Record<ElementKind, Record<State, number>>;

function emptyCounts(): Counts {
  const none = (): Record<State, number> => ({ up: 0, down: 0, unreachable: 0, unknown: 0 });
  return { device: none(), site: none(), link: none(), unit: none() };
}
