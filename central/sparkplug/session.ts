import { BirthCertificates, describeParts, type Refused, type Resolved } from './birth-certificates.ts';
import type { RawMetric, SparkplugPayload } from './payload.ts';
import { Sequence, type SequenceLimits } from './sequence.ts';
import type { SparkplugTopic } from '../../contract/sparkplug/topic.ts';

export interface NodeMessage {
  readonly topic: SparkplugTopic;
  readonly payload: SparkplugPayload;
  /** Unchanged, for the quarantine. */
  readonly bytes: Buffer;
}

/** What a message leads to, in order. */
export type Outcome =
  | {
      readonly kind: 'birth';
      readonly message: NodeMessage;
      readonly values: readonly Resolved[];
      readonly bdSeq: number | undefined;
    }
  | { readonly kind: 'values'; readonly message: NodeMessage; readonly values: readonly Resolved[] }
  | { readonly kind: 'device-death'; readonly message: NodeMessage }
  | { readonly kind: 'death' }
  /** The will of an earlier connection: the node was born again since. */
  | { readonly kind: 'stale-death' }
  /** Sequence numbers that never arrived. */
  | { readonly kind: 'lost'; readonly messages: number }
  /** A whole message, or with `parts` some of its metrics. */
  | {
      readonly kind: 'refused';
      readonly message: NodeMessage;
      readonly code: string;
      readonly reason: string;
      readonly parts?: readonly Refused[];
    }
  | { readonly kind: 'ask-rebirth'; readonly reason: string };

export type SessionState = 'unborn' | 'born' | 'dead';

export interface SessionLimits extends SequenceLimits {
  /** Limit of metrics and devices, including those the node has. */
  readonly maxMetrics: () => number;
}

/**
 * The session of one edge node as a host application tracks it (Sparkplug 3.0, chapter 5). Pure: time is an argument.
 * Nothing is accepted before a birth, after a death or under an alias that no birth defines; a rebirth is requested.
 */
export class NodeSession {
  readonly #limits: SessionLimits;
  #state: SessionState = 'unborn';
  /** As received, even if invalid, to match its death. */
  #bdSeq: bigint | undefined;
  #sequence: Sequence<NodeMessage> | undefined;
  #certificates: BirthCertificates;
  /** False after a gap: the lost message may have been a birth with other aliases. */
  #aliasesHold = true;

  constructor(limits: SessionLimits) {
    this.#limits = limits;
    this.#certificates = new BirthCertificates(limits.maxMetrics);
  }

  get state(): SessionState {
    return this.#state;
  }

  /** Undefined also if the node sent a number out of range. */
  get bdSeq(): number | undefined {
    return isBdSeq(this.#bdSeq) ? Number(this.#bdSeq) : undefined;
  }

  /** Devices that are born and have not died since. */
  get devices(): readonly string[] {
    return this.#certificates.devices;
  }

  get metricCount(): number {
    return this.#certificates.size;
  }

  take(message: NodeMessage, nowMs: number): Outcome[] {
    const { type } = message.topic;
    if (type === 'NDEATH') return this.#onDeath(message);
    const { seq } = message.payload;
    if (seq === undefined) {
      // tck-id-payloads-sequence-num-always-included
      const reason = `${type} has no sequence number`;
      return [{ kind: 'refused', message, code: 'no-seq', reason }];
    }
    if (type === 'NBIRTH') return this.#onBirth(message, seq);
    if (this.#state !== 'born' || this.#sequence === undefined) {
      const reason =
        this.#state === 'dead' ? `${type} after the death of its node` : `${type} before a birth`;
      return [
        { kind: 'refused', message, code: 'before-birth', reason },
        { kind: 'ask-rebirth', reason },
      ];
    }
    const offered = this.#sequence.offer(seq, message, nowMs);
    if (offered.kind === 'behind') {
      const reason = `${type} with sequence number ${seq} comes twice or far out of order`;
      return [
        { kind: 'refused', message, code: 'out-of-order', reason },
        { kind: 'ask-rebirth', reason },
      ];
    }
    const items = offered.kind === 'ready' ? offered.items : [];
    return [...items.flatMap((item) => this.#handle(item)), ...this.expire(nowMs)];
  }

  /** The reorder timeout is over (tck-id-operational-behavior-host-reordering-rebirth). */
  expire(nowMs: number): Outcome[] {
    const gap = this.#sequence?.expire(nowMs);
    return gap === undefined ? [] : this.#onGap(gap);
  }

  /** Processes messages that wait for earlier ones: central stops. */
  skipGap(): Outcome[] {
    const gap = this.#sequence?.skipGap();
    return gap === undefined ? [] : this.#onGap(gap);
  }

  #onGap({ lost, items }: { readonly lost: number; readonly items: readonly NodeMessage[] }): Outcome[] {
    this.#aliasesHold = false;
    const reason = `${lost} messages did not come within the reorder timeout`;
    return [
      { kind: 'lost', messages: lost },
      { kind: 'ask-rebirth', reason },
      ...items.flatMap((item) => this.#handle(item)),
    ];
  }

  #onBirth(message: NodeMessage, seq: number): Outcome[] {
    const outcomes = this.skipGap();
    this.#state = 'born';
    this.#bdSeq = bdSeqOf(message.payload);
    this.#sequence = new Sequence(seq, this.#limits);
    this.#certificates = new BirthCertificates(this.#limits.maxMetrics);
    this.#aliasesHold = true;
    return [...outcomes, ...this.#certify(message), ...refusedParts(message, this.#badBdSeq())];
  }

  #badBdSeq(): Refused[] {
    if (this.#bdSeq === undefined || isBdSeq(this.#bdSeq)) return [];
    return [{ code: 'bad-bdseq', reason: `bdSeq is ${this.#bdSeq}: 0 to 255 was expected, it is ignored` }];
  }

  /** tck-id-payloads-ndeath-bdseq: a death belongs to the birth with the same number, whatever its timestamp. */
  #onDeath(message: NodeMessage): Outcome[] {
    if (this.#state !== 'born' || bdSeqOf(message.payload) !== this.#bdSeq) return [{ kind: 'stale-death' }];
    const outcomes = this.skipGap();
    this.#state = 'dead';
    this.#certificates = new BirthCertificates(this.#limits.maxMetrics);
    return [...outcomes, { kind: 'death' }];
  }

  #handle(message: NodeMessage): Outcome[] {
    const { type, device } = message.topic;
    if (type === 'DBIRTH') return this.#certify(message);
    if (device !== undefined && !this.#certificates.has(device)) {
      const reason = `${type} of a device that was not born`;
      return [
        { kind: 'refused', message, code: 'before-birth', reason },
        { kind: 'ask-rebirth', reason },
      ];
    }
    if (type === 'DDEATH') {
      this.#certificates.remove(device);
      return [{ kind: 'device-death', message }];
    }
    return this.#resolve(message);
  }

  #certify(message: NodeMessage): Outcome[] {
    const { topic, payload } = message;
    const { values, refused } = this.#certificates.add(topic.device, payload.metrics);
    const birth: Outcome = { kind: 'birth', message, values, bdSeq: this.bdSeq };
    return [birth, ...refusedParts(message, refused)];
  }

  #resolve(message: NodeMessage): Outcome[] {
    const { topic, payload } = message;
    const values: Resolved[] = [];
    const refused: Refused[] = [];
    for (const metric of payload.metrics) {
      const resolved = this.#certificates.resolve(topic.device, metric, this.#aliasesHold);
      if (resolved === 'own') continue;
      if ('code' in resolved) refused.push(resolved);
      else values.push(resolved);
    }
    const unexplained = refused.find(({ isUnexplained }) => isUnexplained === true);
    return [
      { kind: 'values', message, values },
      ...refusedParts(message, refused),
      ...(unexplained === undefined ? [] : [{ kind: 'ask-rebirth', reason: unexplained.reason } as const]),
    ];
  }
}

function refusedParts(message: NodeMessage, refused: readonly Refused[]): Outcome[] {
  const byCode = new Map<string, Refused[]>();
  for (const part of refused) byCode.set(part.code, [...(byCode.get(part.code) ?? []), part]);
  return [...byCode].map(([code, parts]) => {
    const reason = describeParts(parts);
    return { kind: 'refused', message, code, reason, parts };
  });
}

/** In NBIRTH and NDEATH (sections 6.4.19 and 6.4.25): 0 to 255, of whatever integer type. */
function bdSeqOf({ metrics }: SparkplugPayload): bigint | undefined {
  const metric: RawMetric | undefined = metrics.find(({ name }) => name === 'bdSeq');
  return metric?.integer?.value;
}

function isBdSeq(value: bigint | undefined): boolean {
  return value !== undefined && value >= 0n && value <= 255n;
}
