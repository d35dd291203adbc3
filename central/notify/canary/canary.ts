import { agentTopic, CANARY_AGENT } from '../../../contract/topics.ts';
import { messageOf } from '../../../runtime/errors.ts';
import { isCanary } from '../../alerts/history/canary-alarm.ts';
import type { AlertEvent, AlertView } from '../../alerts/history/alert.ts';
import type { Bus } from '../../mqtt/bus.ts';
import type { BatchObserver } from '../../samples/batch-observer.ts';
import type { Channel } from '../channels/channel.ts';
import type { Message } from '../message/message.ts';
import { allSlots, encodeCanary, slotAt } from './canary-batch.ts';
import type { CanaryDeps, CanaryStats } from './canary-deps.ts';
import { afterRun, CanaryRun, STEPS, type Hop, type HopView } from './hops.ts';
import { hopSamples, reportChanges } from './hop-samples.ts';
import { canarySink, CANARY_CHANNEL } from './sink.ts';
import { watchedBus } from './watched-bus.ts';

const EVERY_MS = 600_000;
/** After the start, or after central stood still: agents and store come first. */
const FIRST_AFTER_MS = 120_000;
/** A fault is to be told within a minute. */
const RUN_MS = 60_000;
/** What is told of a run stays for so long. */
const KEPT_MS = 86_400_000;
const EPOCH_CHARS = 12;

/**
 * Raises a fault that is none, as an agent would, and follows it through every part of central to the receipt of its message. What does not
 * pass it on is named in measurement `canary_hop`, which has a rule.
 */
export class Canary implements BatchObserver {
  readonly sink: Channel;
  readonly #deps: CanaryDeps;
  readonly #topic = agentTopic(CANARY_AGENT, 'up');
  readonly #epoch: string;
  #seq = 0;
  #dueAtMs: number;
  #current: Current | undefined;
  /** Whose fault may be there still; after the start that is not known. */
  #used: readonly string[] = allSlots();
  #hops: ReadonlyMap<Hop, HopView> = new Map();
  #ranAtMs: number | undefined;
  #latencyMs: number | undefined;
  readonly #stopping = new AbortController();

  constructor(deps: CanaryDeps) {
    this.#deps = deps;
    const { clock, random } = deps;
    this.#epoch = Array.from({ length: EPOCH_CHARS }, () => Math.floor(random() * 36).toString(36)).join('');
    this.#dueAtMs = clock.monotonicMs() + FIRST_AFTER_MS;
    this.sink = canarySink((message) => this.#noteMessage(message));
  }

  /** The bus for whoever receives the samples of agents. */
  watch(bus: Bus): Bus {
    return watchedBus(bus, this.#topic, () => this.#reach('mqtt'));
  }

  observe({ agent, epoch, seq }: Parameters<BatchObserver['observe']>[0]): void {
    if (agent === CANARY_AGENT && epoch === this.#epoch && seq === this.#current?.seq) this.#reach('ingest');
  }

  /** Those that show what agents report know nothing of the canary. */
  hideFrom(observers: readonly BatchObserver[]): readonly BatchObserver[] {
    return observers.map((observer) => ({
      observe: (batch, context) => {
        if (batch.agent !== CANARY_AGENT) observer.observe(batch, context);
      },
    }));
  }

  /** Nobody is told of its transitions but itself. */
  before(onTransition: (alert: AlertView, event: AlertEvent) => void) {
    return (alert: AlertView, event: AlertEvent): void => {
      if (isCanary(alert)) this.#noteTransition(alert, event);
      else onTransition(alert, event);
    };
  }

  /** Each second. */
  tick(): void {
    const { clock, stalledMs } = this.#deps;
    const nowMs = clock.monotonicMs();
    if (this.#current === undefined) {
      if (nowMs >= this.#dueAtMs) this.#start(nowMs);
      return;
    }
    if (stalledMs() !== this.#current.stalledMs) {
      this.#drop(this.#current, nowMs);
      return;
    }
    const { run } = this.#current;
    this.#ask(this.#current);
    if (run.mayClear) this.#clear(this.#current);
    if (run.isDone || nowMs - run.startedAtMs >= RUN_MS) this.#finish(this.#current);
  }

  stop(): void {
    this.#stopping.abort(new Error('central stops'));
  }

  /** All that it may have to pass. */
  get hops(): readonly Hop[] {
    const { channels } = this.#deps;
    const steps = STEPS.filter((step) => channels !== undefined || (step !== 'outbox' && step !== 'receipt'));
    return [...steps, ...this.#dryChannels().map(({ id }): Hop => `channel ${id}`)];
  }

  stats(): CanaryStats {
    return {
      ranAtMs: this.#ranAtMs,
      passedAtMs: this.#deps.passes.newestMs(),
      latencyMs: this.#latencyMs,
      hops: [...this.#hops.values()],
    };
  }

  #start(nowMs: number): void {
    const { clock, channels, isStoreThere, stalledMs, deleteOld } = this.#deps;
    this.#dueAtMs = nowMs + EVERY_MS;
    deleteOld(clock.now() - KEPT_MS);
    const last = channels === undefined ? 'incident' : 'receipt';
    const hops = this.hops.filter((hop) => hop !== 'store' || isStoreThere());
    const run = new CanaryRun(hops, last, nowMs);
    const slot = slotAt(clock.now());
    const slots = new Map([...this.#used.map((used) => [used, false] as const), [slot, true]]);
    const began = { beganAtMs: clock.now(), stalledMs: stalledMs() };
    this.#current = { run, slot, seq: this.#seq + 1, ...began, alertId: undefined };
    this.#used = [slot];
    this.#send(slots, run);
  }

  /** What is found by asking. */
  #ask({ run, seq, alertId }: Current): void {
    const { isStored, isPlaced, receipts } = this.#deps;
    if (!run.has('store') && isStored(CANARY_AGENT, this.#epoch, seq)) this.#reach('store');
    if (alertId === undefined) return;
    if (!run.has('incident') && isPlaced(alertId)) this.#reach('incident');
    if (run.has('outbox') && !run.has('receipt')) {
      const isSent = receipts(alertId).some(
        ({ channel, what, state }) => channel === CANARY_CHANNEL && what === 'begin' && state === 'sent',
      );
      if (isSent) this.#reach('receipt');
    }
  }

  #clear({ run, slot }: Current): void {
    run.clear(this.#deps.clock.monotonicMs());
    this.#send(new Map([[slot, false]]), run);
  }

  #send(slots: ReadonlyMap<string, boolean>, run: CanaryRun): void {
    const { publish, clock } = this.#deps;
    this.#seq++;
    const payload = encodeCanary({ epoch: this.#epoch, seq: this.#seq, slots, nowMs: clock.now() });
    publish(this.#topic, payload, { qos: 1, retain: false }).catch((error: unknown) => {
      run.fail(run.isCleared ? 'end' : 'mqtt', messageOf(error));
    });
  }

  #noteTransition({ id, entity }: AlertView, { kind }: AlertEvent): void {
    const run = this.#current;
    if (run === undefined || entity['slot'] !== run.slot) return;
    if (kind === 'fired') {
      run.alertId = id;
      this.#reach('rules');
    } else if (kind === 'resolved' && this.#deps.channels === undefined) this.#reach('end');
  }

  #noteMessage({ alerts }: Message): void {
    const current = this.#current;
    const mine = alerts.find(({ facts }) => facts.id === current?.alertId);
    if (mine === undefined || current === undefined) return;
    if (mine.what === 'end' || mine.what === 'whole') this.#reach('end');
    else if (!current.run.has('outbox')) {
      this.#reach('outbox');
      for (const channel of this.#dryChannels()) void this.#tryChannel(channel, current.run);
    }
  }

  async #tryChannel({ id, dryRun }: Channel, run: CanaryRun): Promise<void> {
    const { clock, log } = this.#deps;
    const hop: Hop = `channel ${id}`;
    try {
      const outcome = await dryRun?.({ nowMs: clock.now(), signal: this.#stopping.signal });
      if (outcome?.kind === 'delivered') run.reach(hop, clock.monotonicMs());
      else run.fail(hop, outcome?.answer ?? 'it has no dry form');
    } catch (err) {
      run.fail(hop, messageOf(err));
      log.error({ channel: id, err }, 'the dry run of a channel failed');
    }
  }

  #dryChannels(): readonly Channel[] {
    return (this.#deps.channels ?? []).filter(({ dryRun }) => dryRun !== undefined);
  }

  #reach(hop: Hop): void {
    this.#current?.run.reach(hop, this.#deps.clock.monotonicMs());
  }

  /** Central stood still meanwhile: what was not passed on in that time says nothing of any hop. */
  #drop(current: Current, nowMs: number): void {
    if (!current.run.isCleared) this.#clear(current);
    this.#current = undefined;
    this.#dueAtMs = nowMs + FIRST_AFTER_MS;
  }

  #finish(current: Current): void {
    const { clock, own, passes, log } = this.#deps;
    const { run, beganAtMs } = current;
    const before = this.#hops;
    this.#hops = afterRun(before, run, beganAtMs);
    if (!run.isCleared) this.#clear(current);
    this.#current = undefined;
    this.#ranAtMs = beganAtMs;
    const results = run.results();
    this.#latencyMs = run.latencyMs;
    own().write(hopSamples(results, this.#hops, clock.now()));
    reportChanges(before, this.#hops, log);
    if (run.isPassed) passes.record(beganAtMs);
  }
}

interface Current {
  readonly run: CanaryRun;
  readonly slot: string;
  readonly seq: number;
  /** Unix ms. */
  readonly beganAtMs: number;
  /** Of central, as it began. */
  readonly stalledMs: number;
  alertId: string | undefined;
}
