import type { Catalogue } from '../../contract/catalogue.ts';
import type { Sample } from '../../contract/sample.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Logger } from '../../runtime/logger.ts';
import { TokenBucket } from '../../runtime/token-bucket.ts';
import type { BusMessage } from '../mqtt/bus.ts';
import type { ProtocolAdapter } from '../ingest/adapters/protocol-adapter.ts';
import type { RefusedSample, SampleIntake } from '../ingest/adapters/sample-intake.ts';
import type { RefusalCode } from '../ingest/validate/refusal.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { Resolved } from './birth-certificates.ts';
import type { SparkplugConfig } from './config.ts';
import type { EdgeNode } from './edge-node.ts';
import { Mapping } from './mapping.ts';
import type { NodeRepository } from './node-repository.ts';
import { MAX_NODES, NodeList } from './node-list.ts';
import { HostCounts, type SparkplugStats } from './host-stats.ts';
import { nodeView, type NodeView } from './node-view.ts';
import { agentIdOf } from '../../contract/sparkplug/identity.ts';
import { decodePayload, encodeRebirthRequest, PayloadError } from './payload.ts';
import type { NodeMessage, Outcome } from './session.ts';
import { nameOf, refuse, splitKnown } from './refusals.ts';
import { commandTopic, parseSparkplugTopic, SPARKPLUG_FILTERS } from '../../contract/sparkplug/topic.ts';
import { toSamples } from './to-samples.ts';

export interface SparkplugHostDeps {
  readonly config: SparkplugConfig;
  readonly catalogue: Catalogue;
  readonly inventory: Inventory;
  readonly repository: NodeRepository;
  readonly intake: SampleIntake;
  readonly publish: (topic: string, payload: Buffer) => void;
  readonly clock: Clock;
  readonly log: Logger;
  /** A birth. */
  readonly onBorn: (agent: string, bdSeq: number, atMs: number) => void;
  /** A message arrived, or its session is open. */
  readonly onAlive: (agent: string, atMs: number) => void;
  /** Not to be alerted as absent yet: no rebirth request was sent to it. */
  readonly onRebirthNotRequested: (agent: string, atMs: number) => void;
  /** Its will, or its own death certificate, which looks the same. */
  readonly onDead: (agent: string, atMs: number) => void;
}

const ALIVE_EVERY_MS = 5_000;
const MAX_OFFSET_MS = 300_000;
const TIME_CODES: ReadonlySet<string> = new Set<RefusalCode>(['future', 'too-old']);
/** Limits rebirth requests to all nodes together: each answer is a whole birth certificate. */
const REBIRTHS = { capacity: 20, refillPerS: 20 };

/** A Sparkplug B host application (Sparkplug 3.0, chapter 5) that only reads: the only command it sends is the rebirth request. */
export class SparkplugHost implements ProtocolAdapter {
  readonly filters = SPARKPLUG_FILTERS;
  readonly #deps: SparkplugHostDeps;
  readonly #nodes: NodeList;
  readonly #rebirths: TokenBucket;
  readonly #counts = new HostCounts();
  #aliveAtMs = -Infinity;

  constructor(deps: SparkplugHostDeps) {
    this.#deps = deps;
    const mapping = new Mapping(deps.config, deps.catalogue, deps.inventory);
    this.#nodes = new NodeList(mapping, deps.config.reorderTimeoutMs);
    this.#rebirths = new TokenBucket(REBIRTHS, deps.clock.monotonicMs());
  }

  stats(): SparkplugStats {
    return this.#counts.snapshot(this.#nodes.all());
  }

  /** The node with this agent id; undefined: not a Sparkplug node. */
  describe(agent: string): NodeView | undefined {
    const node = this.#nodes.get(agent);
    return node === undefined ? undefined : nodeView(node);
  }

  receive({ topic, payload: bytes, retained }: BusMessage): void {
    const parsed = parseSparkplugTopic(topic);
    if (parsed === undefined) {
      const reason = `not a topic of a Sparkplug edge node: ${topic.slice(0, 200)}`;
      this.#deps.intake.refuse({ agent: 'unknown', code: 'sparkplug-bad-topic', reason, payload: bytes });
      return;
    }
    this.#counts.countMessage(parsed.type);
    if (retained === true) {
      // tck-id-payloads-nbirth-retain: a retained birth may be of a node that died long ago.
      const reason = `${nameOf(parsed)} is a retained message, not a current one`;
      this.#deps.intake.refuse({
        agent: agentIdOf(parsed),
        code: 'sparkplug-retained',
        reason,
        payload: bytes,
      });
      return;
    }
    try {
      const message: NodeMessage = { topic: parsed, payload: decodePayload(bytes), bytes };
      this.#handle(message);
    } catch (error) {
      if (!(error instanceof PayloadError)) throw error;
      const { code, message } = error;
      const reason = `${nameOf(parsed)}: ${message}`;
      this.#deps.intake.refuse({
        agent: agentIdOf(parsed),
        code: `sparkplug-${code}`,
        reason,
        payload: bytes,
      });
    }
  }

  tick(nowMs: number): void {
    const isAliveDue = nowMs - this.#aliveAtMs >= ALIVE_EVERY_MS || nowMs < this.#aliveAtMs;
    if (isAliveDue) this.#aliveAtMs = nowMs;
    for (const node of this.#nodes.all()) {
      this.#apply(node, node.session.expire(this.#deps.clock.monotonicMs()));
      // Report by exception: between changes the session itself is the sign of life, until the will ends it.
      if (node.isVerified && node.session.state === 'born') {
        if (isAliveDue) this.#deps.onAlive(node.agent, nowMs);
        if (isAliveDue) this.#deps.repository.recordHeartbeat(node.name, nowMs);
        const nodeNowMs = nowMs - node.clockOffsetMs;
        for (const device of node.expected.takeOverdue(this.#deps.clock.monotonicMs()))
          this.#storeDevice(node, device, false, nodeNowMs);
        const due = node.held.due(this.#deps.clock.monotonicMs(), nodeNowMs);
        node.held.drop(this.#submit(node, due, nodeNowMs, false).map(({ sample }) => sample));
      }
      this.#askRebirth(node);
      if (!node.isVerified && node.rebirth.isAwaitingRequest)
        this.#deps.onRebirthNotRequested(node.agent, nowMs);
    }
  }

  /** Births and deaths may have been missed: a node counts as alive again once it answers. */
  onConnected(): void {
    for (const name of this.#deps.repository.list()) this.#nodes.find(name)?.rebirth.wantAnew();
    for (const node of this.#nodes.all()) node.isVerified = false;
    for (const node of this.#nodes.all()) this.#askRebirth(node);
  }

  /** The inventory has these devices and agents somewhere else, or no longer, or only now. */
  recordMoved(ids: ReadonlySet<string>): void {
    for (const node of this.#nodes.all()) {
      if (!node.isPlacedBy(ids)) continue;
      node.forgetPlaces();
      this.#askRebirth(node);
    }
  }

  /** Processes messages that wait for earlier ones: central stops. */
  flush(): void {
    for (const node of this.#nodes.all()) {
      for (const outcome of node.session.skipGap()) this.#applyOne(node, outcome);
    }
  }

  #handle(message: NodeMessage): void {
    const { clock, intake, onAlive } = this.#deps;
    const node = this.#nodes.find(message.topic);
    if (node === undefined) {
      const reason = `${nameOf(message.topic)}: central has ${MAX_NODES} edge nodes already`;
      intake.refuse({ agent: 'unknown', code: 'sparkplug-too-many-nodes', reason });
      return;
    }
    const outcomes = node.session.take(message, clock.monotonicMs());
    if (message.topic.type !== 'NDEATH') {
      node.isVerified = true;
      node.clockOffsetMs = offsetOf(message, clock.now());
      onAlive(node.agent, clock.now());
    }
    this.#apply(node, outcomes);
  }

  #apply(node: EdgeNode, outcomes: readonly Outcome[]): void {
    for (const outcome of outcomes) this.#applyOne(node, outcome);
    this.#askRebirth(node);
  }

  #applyOne(node: EdgeNode, outcome: Outcome): void {
    const { clock, intake, log, onDead } = this.#deps;
    switch (outcome.kind) {
      case 'birth':
        this.#onBirth(node, outcome);
        return;
      case 'values':
        this.#storeValues(node, outcome.message, outcome.values, false);
        return;
      case 'device-death':
        this.#onDevice(node, outcome.message, false);
        return;
      case 'death':
        log.warn({ agent: node.agent, ...node.name }, 'sparkplug node died');
        node.held.clear();
        node.diedAtMs = clock.monotonicMs();
        onDead(node.agent, clock.now());
        return;
      case 'stale-death':
        this.#counts.staleDeaths++;
        return;
      case 'lost':
        // The lost messages may have changed any value.
        node.held.clear();
        node.lostMessages += outcome.messages;
        this.#counts.lostMessages += outcome.messages;
        log.warn({ agent: node.agent, messages: outcome.messages }, 'sparkplug messages lost');
        intake.declareLost(node.agent, outcome.messages);
        return;
      case 'refused':
        refuse(intake, node.agent, outcome.message, outcome);
        for (const metric of new Set(outcome.parts?.flatMap(({ ended = [] }) => ended))) {
          const target = node.targetOf(metric);
          if (target !== undefined) node.held.release(metric.device, [target]);
        }
        return;
      case 'ask-rebirth':
        node.rebirth.want();
        return;
    }
  }

  #onBirth(node: EdgeNode, { message, values, bdSeq }: Outcome & { readonly kind: 'birth' }): void {
    const { repository, clock, onBorn } = this.#deps;
    if (message.topic.type === 'NBIRTH') {
      node.rebirth.recordAnswer();
      node.held.clear();
      node.expected.expectBirths(clock.monotonicMs());
      repository.recordBirth(node.name, clock.now());
      onBorn(node.agent, bdSeq ?? 0, clock.now());
    } else {
      this.#onDevice(node, message, true);
    }
    this.#storeValues(node, message, values, true);
  }

  /** A metric without a place in the catalogue is reported once a birth, then only counted. */
  #storeValues(node: EdgeNode, message: NodeMessage, values: readonly Resolved[], isBirth: boolean): void {
    const { clock, intake } = this.#deps;
    const sentAtMs = message.payload.timestampMs ?? clock.now();
    const samples = toSamples(values, { targetOf: (metric) => node.targetOf(metric), timeMs: sentAtMs });
    this.#counts.emptyValues += samples.empty;
    for (const [isKnown, parts] of splitKnown(samples.refused, isBirth)) {
      for (const code of new Set(parts.map((part) => part.code))) {
        const ofCode = parts.filter((part) => part.code === code);
        if (isKnown) intake.countRefused(`sparkplug-${code}`, ofCode.length);
        else refuse(intake, node.agent, message, { code, reason: '', parts: ofCode });
      }
    }
    const { device } = message.topic;
    node.held.release(device, samples.ended);
    this.#storeCurrent(node, device, samples.live, sentAtMs);
    this.#submit(node, samples.historical, sentAtMs, true);
  }

  /** A DDEATH is the edge node's own measurement that the device does not answer; an NDEATH says nothing about devices. */
  #onDevice(node: EdgeNode, { topic: { device = '' }, payload }: NodeMessage, isPresent: boolean): void {
    if (isPresent) node.expected.markBorn(device);
    else node.expected.markDead(device);
    this.#storeDevice(node, device, isPresent, payload.timestampMs ?? this.#deps.clock.now());
  }

  #storeDevice(node: EdgeNode, device: string, isPresent: boolean, timeMs: number): void {
    const fields = { up: isPresent, reachable: isPresent };
    const sample = { measurement: 'device', tags: node.deviceTags(device), fields, timeMs };
    node.held.forget(device);
    this.#storeCurrent(node, device, [sample], timeMs);
  }

  /** Stores current values and holds those not refused. A refused timestamp does not make the value wrong. */
  #storeCurrent(
    node: EdgeNode,
    device: string | undefined,
    samples: readonly Sample[],
    sentAtMs: number,
  ): void {
    const ofValue = this.#submit(node, samples, sentAtMs, false).filter(({ code }) => !TIME_CODES.has(code));
    const refused = new Set(ofValue.map(({ sample }) => sample));
    const nowMs = this.#deps.clock.monotonicMs();
    for (const sample of samples.toSorted((a, b) => a.timeMs - b.timeMs)) {
      const { measurement, tags, fields } = sample;
      if (refused.has(sample)) {
        node.held.release(
          device,
          Object.keys(fields).map((field) => ({ measurement, field, tags })),
        );
      } else node.held.hold(device, [sample], nowMs);
    }
  }

  #submit(
    node: EdgeNode,
    samples: readonly Sample[],
    sentAtMs: number,
    backfill: boolean,
  ): readonly RefusedSample[] {
    if (samples.length === 0) return [];
    return this.#deps.intake.take({ agent: node.agent, samples, sentAtMs, backfill });
  }

  #askRebirth(node: EdgeNode): void {
    const { clock, log, publish } = this.#deps;
    if (!node.rebirth.tryAsk(clock.monotonicMs(), this.#rebirths)) return;
    this.#counts.rebirthRequests++;
    log.info({ agent: node.agent }, 'sparkplug rebirth requested');
    publish(commandTopic(node.name), encodeRebirthRequest(clock.now()));
  }
}

/** 0 for a clock that is far off. */
function offsetOf({ payload }: NodeMessage, nowMs: number): number {
  const offsetMs = nowMs - (payload.timestampMs ?? nowMs);
  return Math.abs(offsetMs) <= MAX_OFFSET_MS ? offsetMs : 0;
}
