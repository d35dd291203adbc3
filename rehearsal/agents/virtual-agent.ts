import { ackSchema } from '../../contract/ack.ts';
import { PROTOCOL_VERSION, type Batch, type BatchBody } from '../../contract/batch.ts';
import type { Sample } from '../../contract/sample.ts';
import type { AgentState } from '../../contract/state.ts';
import { agentTopic } from '../../contract/topics.ts';
import type { Condition } from '../../simulators/city/city.ts';
import { bodyOf } from './body-of.ts';

export interface AgentPlace {
  readonly id: string;
  readonly kind: 'gateway' | 'server';
  readonly site: string;
  readonly unit: string;
  /** Between two batches. */
  readonly intervalMs: number;
}

/** Where it sends. */
export interface Delivery {
  deliverState(topic: string, payload: Buffer): void;
  deliverBatch(topic: string, batch: Batch): void;
}

interface Waiting {
  readonly seq: number;
  readonly measuredAtMs: number;
  readonly body: BatchBody;
}

/** Publishers call a batch live for so long; what is older is backlog (docs/edge.md). */
const FRESH_MS = 30_000;
/** Of backlog, before central has answered; as publishers have it. */
const FIRST_BACKLOG_PER_S = 1;
/** A broker gives up a connection after 1.5 keepalives of 30 s (MQTT 3.1.1, section 3.1.2.10), and publishes its will. */
const WILL_AFTER_MS = 45_000;

/** An agent as central hears it: what it sends, when its connection allows it. Central loses nothing here, so what was sent is done with. */
export class VirtualAgent {
  readonly place: AgentPlace;
  readonly #upTopic: string;
  readonly #stateTopic: string;
  readonly #epoch: string;
  readonly #bus: Delivery;
  #waiting: Waiting[] = [];
  #seq = 0;
  #birth = 0;
  /** Of its process: another one after each outage of power. */
  #run = 0;
  #isConnected = false;
  #wasDark = true;
  #lostAtMs: number | undefined;
  #backlogPerS = FIRST_BACKLOG_PER_S;
  #credit = 0;
  #aheadMs = 0;
  batches = 0;

  constructor(place: AgentPlace, epoch: string, bus: Delivery) {
    this.place = place;
    this.#epoch = epoch;
    this.#bus = bus;
    this.#upTopic = agentTopic(place.id, 'up');
    this.#stateTopic = agentTopic(place.id, 'state');
  }

  get isBehind(): boolean {
    return this.#isConnected && this.#waiting.length > 0;
  }

  /** It begins with central, and says so before it has measured anything. */
  start(condition: Condition): void {
    if (condition === 'connected') this.#connect();
  }

  /** Of its clock, before the true time. */
  setClock(aheadMs: number): void {
    this.#aheadMs = aheadMs;
  }

  /** Measures once, and central takes nothing: its connection stays, and what it sends waits. */
  hold(samples: readonly Sample[] | undefined, nowMs: number): void {
    if (samples === undefined) return;
    const { baseMs, tables } = bodyOf(samples);
    const body = { baseMs: baseMs + this.#aheadMs, tables };
    this.#waiting.push({ seq: ++this.#seq, measuredAtMs: nowMs, body });
  }

  /** Central takes again. */
  sendHeld(nowMs: number): void {
    if (this.#isConnected) this.#sendFresh(nowMs);
  }

  /** Measures once. `samples`: undefined while it is dark. */
  beat(condition: Condition, samples: readonly Sample[] | undefined, nowMs: number): void {
    this.hold(samples, nowMs);
    if (condition === 'connected') {
      if (!this.#isConnected) this.#connect();
      this.#sendFresh(nowMs);
      return;
    }
    if (this.#isConnected) this.#lostAtMs = nowMs;
    this.#isConnected = false;
    this.#wasDark ||= condition === 'dark';
    if (this.#lostAtMs === undefined || nowMs < this.#lostAtMs + WILL_AFTER_MS) return;
    this.#lostAtMs = undefined;
    this.#tellState({ online: false, reason: 'will' });
  }

  /** Each second while it is behind: the oldest first, as many as central allows. */
  sendBacklog(nowMs: number): void {
    this.#credit = Math.min(this.#credit + this.#backlogPerS, Math.max(1, this.#backlogPerS));
    while (this.#credit >= 1 && this.isBehind) {
      this.#credit--;
      const next = this.#waiting.shift();
      if (next !== undefined) this.#send(next, true, nowMs);
    }
  }

  /** What central answered. Read only while it matters. */
  onAck(payload: Buffer | string): void {
    if (this.isBehind) this.#backlogPerS = ackSchema.parse(JSON.parse(String(payload))).backfillPerS;
  }

  #connect(): void {
    this.#isConnected = true;
    this.#lostAtMs = undefined;
    this.#backlogPerS = FIRST_BACKLOG_PER_S;
    if (this.#wasDark) this.#run++;
    this.#wasDark = false;
    this.#birth++;
    this.#tellState({ online: true });
  }

  /** The newest first: what was overtaken meanwhile is backlog. */
  #sendFresh(nowMs: number): void {
    for (;;) {
      const last = this.#waiting.at(-1);
      if (last === undefined || last.measuredAtMs <= nowMs - FRESH_MS) return;
      this.#waiting.pop();
      this.#send(last, false, nowMs);
    }
  }

  #send({ seq, body }: Waiting, backfill: boolean, nowMs: number): void {
    const lowest = Math.min(seq, this.#waiting[0]?.seq ?? seq);
    this.batches++;
    const { baseMs, tables } = body;
    this.#bus.deliverBatch(this.#upTopic, {
      v: PROTOCOL_VERSION,
      epoch: this.#epoch,
      ...{ seq, lowest, sentAtMs: nowMs + this.#aheadMs, backfill, baseMs, tables },
    });
  }

  #tellState(about: Pick<AgentState, 'online' | 'reason'>): void {
    const { kind, site, unit, intervalMs } = this.place;
    const state: AgentState = {
      v: PROTOCOL_VERSION,
      birth: this.#birth,
      run: `run-${this.#run}`,
      epoch: this.#epoch,
      lowest: this.#waiting[0]?.seq ?? this.#seq + 1,
      highest: this.#seq,
      ...{ kind, site, unit, intervalMs },
      ...about,
    };
    this.#bus.deliverState(this.#stateTopic, Buffer.from(JSON.stringify(state)));
  }
}
