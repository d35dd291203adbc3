import { describe, expect, it } from 'vitest';
import { agentTopic, CANARY_AGENT, parseAgentTopic, partitionOf } from './topics.ts';

describe('topics', () => {
  it.each([
    // The check value of CRC-32/ISO-HDLC is cbf43926; the others are as Python's zlib.crc32 gives them.
    ['123456789', 0xcbf43926],
    ['gw-26734-01', 1201829093],
    ['srv-0001', 2197333641],
    ['x'.repeat(64), 986885138],
  ])('put %s into the partition of its CRC', (agent, crc) => {
    expect(partitionOf(agent)).toBe(String(crc % 256).padStart(3, '0'));
  });

  it('read back as they were written', () => {
    const topic = agentTopic('gw-26734-01', 'up');
    expect(topic).toMatch(/^wardwatch\/1\/\d{3}\/gw-26734-01\/up$/);
    expect(parseAgentTopic(topic)).toEqual({ agent: 'gw-26734-01', kind: 'up' });
  });

  it.each([
    ['another partition than the agent has', `wardwatch/1/000/gw-26734-01/up`],
    ['a partition that is not three digits', `wardwatch/1/38/123456789/up`],
    ['another version', `wardwatch/2/038/123456789/up`],
    ['another root', `elsewhere/1/038/123456789/up`],
    ['an unknown kind', `wardwatch/1/038/123456789/down`],
    ['a level too many', `wardwatch/1/038/123456789/up/up`],
    ['no agent', `wardwatch/1/000//up`],
    ['capital letters', agentTopic('GW', 'up')],
    ['a wildcard', agentTopic('+', 'up')],
    ['a name that is too long', agentTopic('x'.repeat(65), 'up')],
    ['a state of the canary', agentTopic(CANARY_AGENT, 'state')],
  ])('are refused with %s', (_case, topic) => {
    expect(parseAgentTopic(topic)).toBeUndefined();
  });
});
