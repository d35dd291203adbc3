import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ackSchema, flowSchema, type Ack, type Flow } from '../../../contract/ack.ts';
import type { BatchHeader, Loss } from '../../../contract/batch.ts';
import { encodeBatch, encodeLossBody, encodeSamples } from '../../../contract/codec.ts';
import type { Sample } from '../../../contract/sample.ts';
import { agentTopic, FLOW_TOPIC } from '../../../contract/topics.ts';
import { silentLogger } from '../../../runtime/logger.ts';
import { ManualClock } from '../../../runtime/manual-clock.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { openLedger } from '../../ledger/sqlite-ledger.ts';
import { openStateDatabase, type StateDatabase } from '../../state/database.ts';
import { createIngest, type Ingest, type IngestDeps } from '../ingest.ts';
import { openQuarantine, type Quarantine } from '../quarantine/quarantine.ts';
import { FakeBus } from '../../mqtt/testing/fake-bus.ts';
import { KnobStore } from './knob-store.ts';
import { PingValidator } from './ping-validator.ts';

export const EPOCH = 'abcdefgh';

/** Ingest with everything real but the bus, the store and the clock. */
export class Workbench {
  readonly bus = new FakeBus();
  readonly store = new KnobStore();
  readonly clock = new ManualClock();
  readonly directory = mkdtempSync(join(tmpdir(), 'ingest-'));
  readonly database: StateDatabase;
  readonly ledger: Ledger;
  readonly quarantine: Quarantine;
  readonly ingest: Ingest;

  constructor(more: Partial<IngestDeps> = {}) {
    this.database = openStateDatabase(join(this.directory, 'state.db'));
    this.ledger = openLedger(this.database);
    this.quarantine = openQuarantine({
      directory: join(this.directory, 'quarantine'),
      clock: this.clock,
      log: silentLogger,
    });
    this.ingest = createIngest({
      bus: this.bus,
      validator: new PingValidator(),
      observers: [],
      store: this.store,
      ledger: this.ledger,
      quarantine: this.quarantine,
      clock: this.clock,
      random: () => 0.5,
      log: silentLogger,
      ...more,
    });
  }

  async dispose(): Promise<void> {
    const stopped = this.ingest.stop();
    await this.clock.advance(10_000);
    await stopped;
    this.database.close();
    rmSync(this.directory, { recursive: true });
  }

  /** Sends a batch of `values`, one per row. */
  send(agent: string, seq: number, values: readonly number[] = [1], header: Partial<BatchHeader> = {}): void {
    this.bus.receive(agentTopic(agent, 'up'), this.batch(seq, values, header));
  }

  batch(seq: number, values: readonly number[], header: Partial<BatchHeader> = {}): Buffer {
    const samples = values.map((value, index) => this.sample(value, index));
    const body = encodeSamples(samples).bodies[0]?.bytes ?? Buffer.alloc(0);
    return encodeBatch(this.#header(seq, header), body);
  }

  sendLoss(agent: string, seq: number, loss: Loss, header: Partial<BatchHeader> = {}): void {
    const body = encodeLossBody([loss], this.clock.now());
    this.bus.receive(agentTopic(agent, 'up'), encodeBatch(this.#header(seq, header), body));
  }

  sample(value: number, index: number): Sample {
    return {
      measurement: 'ping',
      tags: { device: `n-${index}` },
      fields: { average_response_ms: value },
      timeMs: this.clock.now() - 1_000,
    };
  }

  acks(agent: string): Ack[] {
    return this.bus.jsonOn(agentTopic(agent, 'ack')).map((json) => ackSchema.parse(json));
  }

  flows(): Flow['mode'][] {
    return this.bus.jsonOn(FLOW_TOPIC).map((json) => flowSchema.parse(json).mode);
  }

  #header(seq: number, header: Partial<BatchHeader>): Omit<BatchHeader, 'v'> {
    return { epoch: EPOCH, seq, lowest: 1, sentAtMs: this.clock.now() - 20, backfill: false, ...header };
  }
}
