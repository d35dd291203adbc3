import { describe, expect, it } from 'vitest';
import { ackSchema, type Ack } from '../../../contract/ack.ts';
import { agentTopic } from '../../../contract/topics.ts';
import { Acknowledger } from './acknowledger.ts';

function acknowledger(twins: readonly string[] = []): {
  acks: Acknowledger;
  sent: { topic: string; ack: Ack; bytes: number }[];
} {
  const sent: { topic: string; ack: Ack; bytes: number }[] = [];
  const acks = new Acknowledger({
    publish: (topic, payload) =>
      sent.push({ topic, ack: ackSchema.parse(JSON.parse(payload)), bytes: payload.length }),
    credits: () => ({ window: 8, backfillPerS: 2 }),
    nowMs: () => 1_700_000_000_000,
    hasTwin: (agent) => twins.includes(agent),
  });
  return { acks, sent };
}

describe('acknowledgements', () => {
  it('merge what one agent delivered into ranges, apart by agent and epoch', () => {
    const { acks, sent } = acknowledger();
    for (const seq of [3, 1, 2, 7]) acks.add('gw-1', 'abcdefgh', seq);
    acks.add('gw-1', 'zyxwvuts', 1);
    acks.add('gw-2', 'abcdefgh', 9);
    acks.flush();
    expect(sent.map(({ topic, ack }) => [topic, ack.epoch, ack.stored])).toEqual([
      [
        agentTopic('gw-1', 'ack'),
        'abcdefgh',
        [
          [1, 3],
          [7, 7],
        ],
      ],
      [agentTopic('gw-1', 'ack'), 'zyxwvuts', [[1, 1]]],
      [agentTopic('gw-2', 'ack'), 'abcdefgh', [[9, 9]]],
    ]);
    expect(sent[0]?.ack).toMatchObject({ v: 1, nowMs: 1_700_000_000_000, window: 8, backfillPerS: 2 });
    acks.flush();
    expect(sent).toHaveLength(3);
  });

  it('name refused rows, one entry per reason', () => {
    const { acks, sent } = acknowledger();
    acks.add('gw-1', 'abcdefgh', 4, [
      { row: 0, reason: 'too hot' },
      { row: 2, reason: 'too hot' },
      { row: 1, reason: 'unknown tag' },
    ]);
    acks.flush();
    expect(sent[0]?.ack).toMatchObject({
      stored: [[4, 4]],
      refused: [
        { seq: 4, rows: [0, 2], reason: 'too hot' },
        { seq: 4, rows: [1], reason: 'unknown tag' },
      ],
    });
  });

  it('tell an agent that another one uses its id, also when there is nothing to acknowledge', () => {
    const { acks, sent } = acknowledger(['gw-1']);
    acks.add('gw-1', 'abcdefgh', 3);
    acks.add('gw-2', 'abcdefgh', 3);
    acks.tellIfTwin('gw-2', 'zyxwvuts');
    acks.tellIfTwin('gw-1', 'zyxwvuts');
    acks.flush();
    expect(sent.map(({ topic, ack: { epoch, stored, twins } }) => [topic, epoch, stored, twins])).toEqual([
      [agentTopic('gw-1', 'ack'), 'abcdefgh', [[3, 3]], true],
      [agentTopic('gw-2', 'ack'), 'abcdefgh', [[3, 3]], undefined],
      [agentTopic('gw-1', 'ack'), 'zyxwvuts', [], true],
    ]);
  });

  it('stay within the schema and the size of a packet, whatever is refused', () => {
    const { acks, sent } = acknowledger();
    for (let seq = 1; seq <= 2_000; seq += 2) {
      const rows = Array.from({ length: 1_000 }, (_, row) => ({
        row,
        reason: `${row % 7} ${'x'.repeat(600)}`,
      }));
      acks.add('gw-1', 'abcdefgh', seq, rows);
    }
    acks.flush();
    expect(sent).toHaveLength(2);
    expect(Math.max(...sent.map(({ bytes }) => bytes))).toBeLessThan(64 * 1024);
    expect(sent[0]?.ack.refused?.[0]?.reason).toMatch(/and 123 more rows/);
  });
});
