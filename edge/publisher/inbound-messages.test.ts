import { pino } from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Ack } from '../../contract/ack.ts';
import { MAX_CONFIG_BYTES, type AgentConfigMessage } from '../../contract/agent-config.ts';
import { agentTopic, FLOW_TOPIC } from '../../contract/topics.ts';
import { ManualClock } from '../../runtime/manual-clock.ts';
import { InboundMessages } from './inbound-messages.ts';
import { SendWindow } from './send-window.ts';
import { MemoryQueue } from './testing/memory-queue.ts';
import { DEFAULT_TIMINGS } from './timings.ts';

const ACK_TOPIC = agentTopic('gw-1', 'ack');
const CONFIG_TOPIC = agentTopic('gw-1', 'config');

describe('messages from central', () => {
  let clock: ManualClock;
  let queue: MemoryQueue;
  let window: SendWindow;
  let inbound: InboundMessages;
  let lines: { msg: string }[];
  let configs: AgentConfigMessage[];

  const receive = (topic: string, value: unknown): void =>
    inbound.receive(topic, Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)));
  const ack = (more: Partial<Ack>): Ack => ({
    ...{ v: 1, epoch: queue.epoch, stored: [], window: 8, backfillPerS: 1 },
    ...more,
  });
  const sendAll = (): void => {
    while (window.next(clock.monotonicMs()));
  };

  beforeEach(() => {
    clock = new ManualClock();
    queue = new MemoryQueue(() => clock.now());
    window = new SendWindow({
      pending: (afterSeq, limit) => queue.pending(afterSeq, limit),
      highest: () => queue.highest(),
      random: () => 0,
      timings: DEFAULT_TIMINGS,
    });
    lines = [];
    configs = [];
    const log = pino({}, { write: (line) => lines.push(JSON.parse(line) as { msg: string }) });
    inbound = new InboundMessages({
      agent: 'gw-1',
      queue,
      window,
      onConfig: (config) => configs.push(config),
      clock,
      log,
    });
    for (let index = 0; index < 4; index++) {
      const seq = queue.add(Buffer.from('batch'));
      window.offer({ seq, freshUntilMs: Infinity });
    }
    window.connected(clock.monotonicMs());
    sendAll();
  });

  it('say in the log and the status that another agent uses this id, also with an ack for that one, and when it is over', () => {
    receive(ACK_TOPIC, ack({ epoch: 'another1', twins: true }));
    receive(ACK_TOPIC, ack({ twins: true }));
    expect(inbound.status().hasTwin).toBe(true);
    expect(lines.map(({ msg }) => msg)).toEqual([
      expect.stringMatching(/another agent uses the id of this one/),
    ]);
    receive(ACK_TOPIC, ack({}));
    expect(inbound.status().hasTwin).toBe(false);
    expect(lines.at(-1)?.msg).toBe('central sees one agent with this id again');
  });

  it('remove from the queue the batches that are stored or refused as a whole', async () => {
    await clock.advance(250);
    receive(ACK_TOPIC, ack({ stored: [[1, 2]], refused: [{ seq: 4, reason: 'not JSON' }] }));
    expect(queue.pending(0, 10).map(({ seq }) => seq)).toEqual([3]);
    expect(inbound.status()).toEqual({
      hasTwin: false,
      acked: 3,
      refused: 1,
      ignored: 0,
      ackLatencyMs: { last: 250, p50: 250 },
      lastAckAtMs: clock.now(),
      clockOffset: undefined,
    });
  });

  it('say what time it is at central, so that a clock that is off is known, to half the round trip', async () => {
    await clock.advance(250);
    receive(ACK_TOPIC, ack({ stored: [[1, 1]], nowMs: clock.now() - 60_000 }));
    expect(inbound.status().clockOffset).toEqual({ offsetMs: 59_875, errorMs: 125 });
  });

  it('with refused rows keep the batch until the rest of it is stored', () => {
    const refused = [{ seq: 1, rows: [3, 4], reason: 'rsrp_dbm out of range' }];
    receive(ACK_TOPIC, ack({ refused }));
    expect(queue.lowest()).toBe(1);
    receive(ACK_TOPIC, ack({ refused, stored: [[1, 1]] }));
    expect(queue.lowest()).toBe(2);
  });

  it('for another epoch are ignored', () => {
    receive(ACK_TOPIC, ack({ epoch: 'another12', stored: [[1, 4]] }));
    expect(queue.lowest()).toBe(1);
    expect(inbound.status()).toMatchObject({ acked: 0, lastAckAtMs: undefined });
    expect(window.inFlight).toBe(4);
  });

  it('repeated by the broker count once', () => {
    for (let time = 0; time < 3; time++) {
      receive(ACK_TOPIC, ack({ stored: [[1, 1]], refused: [{ seq: 1, rows: [0], reason: 'x' }] }));
    }
    expect(inbound.status()).toMatchObject({ acked: 1, refused: 1 });
  });

  it('that are invalid are counted and logged once, and again after a valid one', async () => {
    for (let time = 0; time < 100; time++) receive(ACK_TOPIC, 'not JSON');
    expect(lines.map(({ msg }) => msg)).toEqual(['message ignored']);
    receive(ACK_TOPIC, ack({}));
    await clock.advance(120_000);
    receive(ACK_TOPIC, { v: 2 });
    expect(lines).toHaveLength(2);
    expect(inbound.status().ignored).toBe(101);
  });

  it('with many refusals are logged once a minute', () => {
    for (let seq = 1; seq <= 4; seq++)
      receive(ACK_TOPIC, ack({ refused: [{ seq, reason: 'no such device' }] }));
    expect(inbound.status().refused).toBe(4);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ seq: 1, reason: 'no such device' });
  });

  it('set the flow, which an invalid message does not change', () => {
    receive(FLOW_TOPIC, { v: 1, mode: 'hold', backfillPerS: 0 });
    receive(FLOW_TOPIC, { v: 1, mode: 'stampede', backfillPerS: 1e9 });
    receive(FLOW_TOPIC, '');
    expect(window.flowMode).toBe('hold');
    expect(inbound.status().ignored).toBe(2);
  });

  it('hand a config on, whatever its content, and do nothing when the retained one is cleared', () => {
    const message = { v: 1, revision: 3, config: { broker: 'mqtt://elsewhere' } };
    receive(CONFIG_TOPIC, message);
    receive(CONFIG_TOPIC, '');
    expect(configs).toEqual([message]);
    expect(inbound.status().ignored).toBe(0);
  });

  it.each([
    ['not JSON', 'collectors:'],
    ['another version', { v: 2, revision: 3, config: null }],
    ['no revision', { v: 1, config: null }],
    ['a revision that no number can follow', { v: 1, revision: 2 ** 60, config: null }],
    ['half a revision', { v: 1, revision: 1.5, config: null }],
    ['too much', { v: 1, revision: 3, config: 'x'.repeat(MAX_CONFIG_BYTES) }],
  ])('with a config that is %s are ignored and counted', (_what, message) => {
    receive(CONFIG_TOPIC, message);
    expect(configs).toEqual([]);
    expect(inbound.status().ignored).toBe(1);
    expect(lines).toMatchObject([{ msg: 'message ignored', topic: CONFIG_TOPIC }]);
  });
});
