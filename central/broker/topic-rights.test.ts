import { describe, expect, it } from 'vitest';
import { agentTopic, FLOW_TOPIC, STATE_FILTER, UP_FILTER } from '../../contract/topics.ts';
import { refusePublish, refuseSubscribe, type Principal, type Publication } from './topic-rights.ts';

const GATEWAY: Principal = { id: 'gw-1', role: 'agent' };
const CENTRAL: Principal = { id: 'central', role: 'central' };

function publication(topic: string, more: Partial<Publication> = {}): Publication {
  return { topic, qos: 1, retain: false, payloadBytes: 100, ...more };
}

describe("an agent's rights", () => {
  it('cover its own up, state and result', () => {
    for (const kind of ['up', 'state', 'result'] as const) {
      expect(refusePublish(GATEWAY, publication(agentTopic('gw-1', kind)))).toBeUndefined();
    }
    expect(
      refusePublish(GATEWAY, publication(agentTopic('gw-1', 'state'), { retain: true })),
    ).toBeUndefined();
  });

  it.each([
    ["another agent's topic", publication(agentTopic('gw-2', 'up')), "another agent's topic"],
    ['a wrong partition', publication('wardwatch/1/000/gw-1/up'), 'partition'],
    ['an ack', publication(agentTopic('gw-1', 'ack')), 'do not publish ack'],
    ['the flow topic', publication(FLOW_TOPIC), 'not a topic of an agent'],
    ['QoS 2', publication(agentTopic('gw-1', 'up'), { qos: 2 }), 'QoS 2'],
    ['a retained batch', publication(agentTopic('gw-1', 'up'), { retain: true }), 'retained'],
    ['a huge state', publication(agentTopic('gw-1', 'state'), { payloadBytes: 5_000 }), 'larger'],
    ['something else', publication('$SYS/x'), 'not a topic of an agent'],
  ])('do not cover publishing %s', (_what, given, reason) => {
    expect(refusePublish(GATEWAY, given)).toContain(reason);
  });

  it('cover reading its own ack, config, command and the flow, with QoS 0', () => {
    const topics = [
      FLOW_TOPIC,
      ...(['ack', 'config', 'command'] as const).map((kind) => agentTopic('gw-1', kind)),
    ];
    for (const topic of topics) expect(refuseSubscribe(GATEWAY, { topic, qos: 0 })).toBeUndefined();
    expect(refuseSubscribe(GATEWAY, { topic: FLOW_TOPIC, qos: 1 })).toContain('QoS 0');
  });

  it.each([
    '#',
    UP_FILTER,
    'wardwatch/1/+/gw-1/ack',
    agentTopic('gw-2', 'ack'),
    agentTopic('gw-1', 'up'),
    '$SYS/#',
  ])('do not cover reading %s', (topic) => {
    expect(refuseSubscribe(GATEWAY, { topic, qos: 0 })).toBeDefined();
  });
});

describe("an external central's rights", () => {
  it('cover reading everything agents send and publishing acks, config, commands and the flow', () => {
    for (const topic of [UP_FILTER, STATE_FILTER]) {
      expect(refuseSubscribe(CENTRAL, { topic, qos: 1 })).toBeUndefined();
    }
    expect(refusePublish(CENTRAL, publication(FLOW_TOPIC, { retain: true }))).toBeUndefined();
    expect(
      refusePublish(CENTRAL, publication(agentTopic('gw-9', 'config'), { retain: true })),
    ).toBeUndefined();
    expect(refusePublish(CENTRAL, publication(agentTopic('gw-9', 'ack')))).toBeUndefined();
  });

  it('do not cover speaking for an agent', () => {
    expect(refusePublish(CENTRAL, publication(agentTopic('gw-9', 'up')))).toBeDefined();
    expect(refusePublish(CENTRAL, publication(agentTopic('gw-9', 'ack'), { retain: true }))).toBeDefined();
    expect(refuseSubscribe(CENTRAL, { topic: '#', qos: 0 })).toBeDefined();
  });
});
