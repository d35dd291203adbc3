import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, vi } from 'vitest';
import type { Sample } from '../../contract/sample.ts';
import { agentTopic } from '../../contract/topics.ts';
import type { CentralProgram, LedgerItem } from './central-program.ts';
import { RawAgent, rawBatch, type ConnectFrom } from './raw-agent.ts';

const BATCH_EVERY_MS = 200;
/** What it announces: after three of these without a word, central calls it silent. */
const INTERVAL_MS = 2_000;
/** Series of its numbered values. */
const VALUE_SERIES = 16;
const MAX_OFFSET_MS = 10 * 86_400_000;
const POLL_EVERY_MS = 40;
/** Between the end of one alert and the next breach. */
const ALERT_PAUSE_MS = 300;
/** Before one is breached again, half an hour has passed, within which central would count an alert that flaps. */
const BREACH_SERIES = 6_000;
/** An alert or an acknowledgement that takes longer than this counts as this long. */
const GIVE_UP_MS = 30_000;
/** Fewer would make a p99 of nothing. */
const MIN_BATCHES = 20;
const MIN_ALERTS = 3;

interface AlertPage {
  readonly items: readonly { readonly rule: string; readonly entity: Readonly<Record<string, string>> }[];
}

/** What everyone else may notice of an attack. */
export const ACK_P99_MAX_MS = 2_000;
export const ALERT_MAX_MS = 1_000;

/** The rule that a good agent breaches: at once, and clear at once. */
export const GOOD_AGENT_RULE = `kind: threshold
name: { en: Loss at a good agent, vi: Mất gói ở tác tử tốt }
action: { en: None., vi: Không cần. }
eventType: quality_of_service
probableCause: degraded_signal
measurement: ping
field: percent_packet_loss
entity: [url]
across: newest
interval: 1s
op: above
for: 0s
clearFor: 0s
levels: [{ severity: critical, raise: 50, clear: 50 }]
`;
export const GOOD_AGENT_RULE_ID = 'good_agent_loss';

export interface Harm {
  readonly batches: number;
  readonly ackP99Ms: number;
  readonly alerts: number;
  readonly alertMaxMs: number;
}

/**
 * The agent of another ward while central is under attack: it sends a batch every 200 ms and now and then one that
 * breaches a rule, and measures when each is acknowledged and when its alert can be read from the API. An attack that works
 * hard in the test process itself delays these measurements: prepare its messages before.
 */
export class GoodAgent {
  readonly name: string;
  readonly agent: RawAgent;
  /** Its own clock minus the right one. */
  clockOffsetMs = 0;
  readonly #central: CentralProgram;
  readonly #localAddress: string;
  readonly #sentAtMs = new Map<number, number>();
  /** Not acknowledged yet, as an agent keeps them. */
  readonly #kept = new Map<number, () => Buffer>();
  readonly #stop = new AbortController();
  readonly #watching: Promise<void>;
  readonly #timer: NodeJS.Timeout;
  #alertMs: number[] = [];
  #fromSeq = 1;
  #loss = 0;
  #breach = 0;
  #wasCut = false;

  private constructor(agent: RawAgent, central: CentralProgram, localAddress: string) {
    this.name = agent.name;
    this.agent = agent;
    this.#central = central;
    this.#localAddress = localAddress;
    agent.announce(INTERVAL_MS);
    agent.client.on('close', () => (this.#wasCut = true));
    this.#timer = setInterval(() => this.#send(), BATCH_EVERY_MS);
    this.#watching = this.#watchAlerts();
  }

  /** `localAddress`: its own, so that limits for each address do not put it together with the attacker. */
  static async connect(
    central: CentralProgram,
    name: string,
    from: ConnectFrom & { readonly localAddress: string },
  ): Promise<GoodAgent> {
    const agent = await RawAgent.connect(central.brokerUrl, name, undefined, from);
    return new GoodAgent(agent, central, from.localAddress);
  }

  /** Forgets what was measured so far, such as in a pause that is not the attack's. */
  startAnew(): void {
    this.#fromSeq = this.agent.sentBatches + 1;
    this.#alertMs = [];
  }

  /** Its batches are acknowledged in time, none is lost or refused, its alerts come in time, and it stays connected. */
  async expectUnharmed(): Promise<Harm> {
    await this.expectAlertsInTime();
    await this.expectAcknowledged();
    await this.expectNothingLost();
    await this.expectNotCalledSilent();
    return this.harm();
  }

  /** It sends all the time: whoever says that it is silent is wrong. */
  async expectNotCalledSilent(): Promise<void> {
    const { items } = await this.#get<AlertPage>('/api/v1/alerts?limit=1000');
    const silent = items.filter(
      ({ rule, entity }) => rule === 'agent_silent' && entity['agent'] === this.name,
    );
    expect(silent).toEqual([]);
  }

  async expectAlertsInTime(): Promise<void> {
    // One more than there are: an alert that is under way counts too, and so does one that never comes.
    const enough = Math.max(MIN_ALERTS, this.#alertMs.length + 1);
    await vi.waitFor(() => expect(this.#alertMs.length).toBeGreaterThanOrEqual(enough), 2 * GIVE_UP_MS);
    expect(Math.max(...this.#alertMs), 'ms from a breach to its alert').toBeLessThanOrEqual(ALERT_MAX_MS);
  }

  async expectAcknowledged(): Promise<void> {
    await vi.waitFor(
      () => expect(this.agent.sentBatches - this.#fromSeq).toBeGreaterThanOrEqual(MIN_BATCHES),
      GIVE_UP_MS,
    );
    await this.untilAcknowledged();
    expect(this.harm().ackP99Ms, 'ms to an acknowledgement, p99').toBeLessThanOrEqual(ACK_P99_MAX_MS);
  }

  /** Everything sent before this call, up to the returned batch; later than the bound is a matter of `expectAcknowledged`. */
  async untilAcknowledged(): Promise<number> {
    const sent = this.agent.sentBatches;
    let next = 1;
    await vi.waitFor(() => {
      while (next <= sent && this.agent.stored.has(next)) next++;
      expect(next, 'the first batch that is not acknowledged').toBe(sent + 1);
    }, GIVE_UP_MS);
    return sent;
  }

  /** Compares the ledger and the store with what it sent. */
  async expectNothingLost(): Promise<void> {
    const sent = await this.untilAcknowledged();
    expect(this.#wasCut, `${this.name} was disconnected`).toBe(false);
    expect(this.agent.refused).toEqual([]);
    const { items } = await this.#get<{ items: LedgerItem[] }>(`/api/v1/ledger?agent=${this.name}`);
    const [ledger] = items;
    expect(ledger).toMatchObject({ missing: [], declaredLost: [], refusedPoints: 0, completeness: 1 });
    expect(ledger?.stored).toHaveLength(1);
    const values = new Set(await this.#storedValues());
    const lost = Array.from({ length: sent }, (_, index) => index + 1).filter((seq) => !values.has(seq));
    expect(lost, 'batches acknowledged, not stored').toEqual([]);
  }

  harm(): Harm {
    const nowMs = performance.now();
    const ackMs: number[] = [];
    for (let seq = this.#fromSeq; seq <= this.agent.sentBatches; seq++) {
      const sentAtMs = this.#sentAtMs.get(seq) ?? nowMs;
      ackMs.push((this.agent.storedAtMs.get(seq) ?? nowMs) - sentAtMs);
    }
    ackMs.sort((a, b) => a - b);
    return {
      batches: ackMs.length,
      ackP99Ms: Math.round(ackMs[Math.ceil(ackMs.length * 0.99) - 1] ?? 0),
      alerts: this.#alertMs.length,
      alertMaxMs: Math.round(Math.max(0, ...this.#alertMs)),
    };
  }

  async end(): Promise<void> {
    clearInterval(this.#timer);
    this.#stop.abort(new Error('the good agent has ended'));
    await this.#watching;
    this.agent.end();
  }

  /** Publishes everything again that is not acknowledged, as an agent does after a while. */
  resend(): void {
    for (const [seq, encode] of this.#kept) {
      if (this.agent.stored.has(seq)) this.#kept.delete(seq);
      else this.agent.publish(agentTopic(this.name, 'up'), encode());
    }
  }

  /** Another for each breach: one that comes and goes is a single alert that flaps. */
  get #breachUrl(): string {
    return `${this.name}-breach-${this.#breach % BREACH_SERIES}`;
  }

  #send(): void {
    const timeMs = Date.now() + this.clockOffsetMs;
    const seq = this.agent.sentBatches + 1;
    const samples: readonly Sample[] = [
      {
        measurement: 'ping',
        tags: { url: this.#breachUrl },
        fields: { percent_packet_loss: this.#loss },
        timeMs,
      },
      // Its value is the batch's number. Two values of one series at one time would be one, so they take turns in many.
      {
        measurement: 'ping',
        tags: { url: `${this.name}-${seq % VALUE_SERIES}` },
        fields: { average_response_ms: seq },
        timeMs,
      },
    ];
    this.agent.send(samples, { sentAtMs: timeMs });
    this.#sentAtMs.set(seq, performance.now());
    this.#kept.set(seq, () => rawBatch(seq, samples, { sentAtMs: Date.now() + this.clockOffsetMs }));
  }

  async #watchAlerts(): Promise<void> {
    const { signal } = this.#stop;
    try {
      while (!signal.aborted) {
        const measuredInto = this.#alertMs;
        this.#breach++;
        measuredInto.push(await this.#untilShown(100, true));
        await this.#untilShown(0, false);
        await sleep(ALERT_PAUSE_MS, undefined, { signal });
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  /** Sends a sample with this loss, and the same loss from now on; returns how long it took until the API showed it. */
  async #untilShown(loss: number, isActive: boolean): Promise<number> {
    this.#loss = loss;
    this.#send();
    const sinceMs = performance.now();
    for (;;) {
      const tookMs = performance.now() - sinceMs;
      if (tookMs > GIVE_UP_MS || (await this.#isAlertActive()) === isActive)
        return performance.now() - sinceMs;
      await sleep(POLL_EVERY_MS, undefined, { signal: this.#stop.signal });
    }
  }

  /** Undefined: the API does not answer. */
  async #isAlertActive(): Promise<boolean | undefined> {
    try {
      const { items } = await this.#get<AlertPage>('/api/v1/alerts?state=active&severity=critical&limit=100');
      return items.some(
        ({ rule, entity }) => rule === GOOD_AGENT_RULE_ID && entity['url'] === this.#breachUrl,
      );
    } catch {
      return undefined;
    }
  }

  async #storedValues(): Promise<readonly number[]> {
    const range = `from=${Date.now() - MAX_OFFSET_MS}&to=${Date.now() + MAX_OFFSET_MS}`;
    const query = `measurement=ping&field=average_response_ms&group=url&tag.agent=${this.name}&${range}`;
    type Answer = { readonly series: readonly { readonly points: readonly (readonly [number, number])[] }[] };
    const { series } = await this.#get<Answer>(`/api/v1/series?${query}`);
    return series.flatMap(({ points }) => points.map(([, value]) => value));
  }

  #get<T>(path: string): Promise<T> {
    const { apiUrl, token } = this.#central;
    return new Promise((resolve, reject) => {
      const asked = request(
        new URL(path, apiUrl),
        {
          localAddress: this.#localAddress,
          headers: { authorization: `Bearer ${token}` },
          timeout: GIVE_UP_MS,
          agent: false,
        },
        (answer) => {
          let text = '';
          answer.setEncoding('utf8');
          answer.on('data', (part: string) => (text += part));
          answer.once('error', reject);
          answer.once('end', () => {
            if (answer.statusCode === 200) resolve(JSON.parse(text) as T);
            else reject(new Error(`${path} answers ${answer.statusCode ?? 0}: ${text}`));
          });
        },
      );
      asked.once('timeout', () => asked.destroy(new Error(`${path}: no answer in ${GIVE_UP_MS} ms`)));
      asked.once('error', reject);
      asked.end();
    });
  }
}
