import { describe, expect, it } from 'vitest';
import { agentTopic, CANARY_AGENT, FLOW_TOPIC, STATE_FILTER, UP_FILTER } from '../../../contract/topics.ts';
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
    expect(refusePublish(CENTRAL, publication(agentTopic(CANARY_AGENT, 'up')))).toBeUndefined();
  });

  it('do not cover publishing for an agent', () => {
    expect(refusePublish(CENTRAL, publication(agentTopic('gw-9', 'up')))).toBeDefined();
    expect(refusePublish(GATEWAY, publication(agentTopic(CANARY_AGENT, 'up')))).toBeDefined();
    expect(refusePublish(CENTRAL, publication(agentTopic(CANARY_AGENT, 'state')))).toBeDefined();
    expect(
      refusePublish(CENTRAL, publication(agentTopic(CANARY_AGENT, 'up'), { retain: true })),
    ).toBeDefined();
    expect(refusePublish(CENTRAL, publication(agentTopic('gw-9', 'ack'), { retain: true }))).toBeDefined();
    expect(refuseSubscribe(CENTRAL, { topic: '#', qos: 0 })).toBeDefined();
  });
});

describe("a Sparkplug edge node's rights", () => {
  const NODE: Principal = { id: 'spb-g--n', role: 'sparkplug', node: { group: 'g', node: 'n' } };

  it.each(['NBIRTH/n', 'NDATA/n', 'NDEATH/n', 'DBIRTH/n/d', 'DDATA/n/d', 'DDEATH/n/d'])(
    'cover spBv1.0/g/%s',
    (rest) => {
      expect(refusePublish(NODE, publication(`spBv1.0/g/${rest}`, { qos: 0 }))).toBeUndefined();
    },
  );

  it.each([
    ["another node's data", publication('spBv1.0/g/NDATA/m'), "another edge node's topic"],
    ["another group's data", publication('spBv1.0/h/NDATA/n'), "another edge node's topic"],
    ['a retained birth', publication('spBv1.0/g/NBIRTH/n', { retain: true }), 'NBIRTH must not be retained'],
    ['a command', publication('spBv1.0/g/NCMD/n'), 'not a topic that'],
    ['STATE of a host', publication('spBv1.0/STATE/h', { retain: true }), 'not a topic that'],
    ['a batch', publication(agentTopic('spb-g--n', 'up')), 'not a topic that'],
    ['node data with a device', publication('spBv1.0/g/NDATA/n/d'), 'not a topic that'],
    ['QoS 2', publication('spBv1.0/g/NDATA/n', { qos: 2 }), 'QoS 2'],
  ])('do not cover publishing %s', (_what, given, reason) => {
    expect(refusePublish(NODE, given)).toContain(reason);
  });

  it.each([
    'spBv1.0/g/NCMD/n',
    'spBv1.0/g/NCMD/n/#',
    'spBv1.0/g/DCMD/n/#',
    'spBv1.0/g/DCMD/n/+',
    'spBv1.0/g/DCMD/n/d',
    'spBv1.0/STATE/host',
    'spBv1.0/STATE/+',
  ])('cover reading %s with QoS 1', (topic) =>
    expect(refuseSubscribe(NODE, { topic, qos: 1 })).toBeUndefined(),
  );

  it.each([
    '#',
    'spBv1.0/#',
    'spBv1.0/g/#',
    'spBv1.0/g/NCMD/m',
    'spBv1.0/g/+/n',
    'spBv1.0/g/DCMD/n/d/#',
    'spBv1.0/STATE/#',
    FLOW_TOPIC,
  ])('do not cover reading %s', (topic) =>
    expect(refuseSubscribe(NODE, { topic, qos: 0 })).toContain("not this edge node's commands"),
  );

  it('are not those of edge agents', () => {
    expect(refusePublish(GATEWAY, publication('spBv1.0/g/NDATA/n'))).toBeDefined();
    expect(refuseSubscribe(GATEWAY, { topic: 'spBv1.0/g/NCMD/n', qos: 0 })).toBeDefined();
  });
});

it("an external central may read Sparkplug's topics, request rebirths and publish its STATE", () => {
  for (const topic of ['spBv1.0/+/NBIRTH/+', 'spBv1.0/+/DDATA/+/+', 'spBv1.0/STATE/me']) {
    expect(refuseSubscribe(CENTRAL, { topic, qos: 1 })).toBeUndefined();
  }
  expect(refuseSubscribe(CENTRAL, { topic: 'spBv1.0/#', qos: 1 })).toBeDefined();
  expect(refusePublish(CENTRAL, publication('spBv1.0/g/NCMD/n'))).toBeUndefined();
  expect(refusePublish(CENTRAL, publication('spBv1.0/STATE/me', { retain: true }))).toBeUndefined();
  expect(refusePublish(CENTRAL, publication('spBv1.0/g/NDATA/n'))).toBeDefined();
});

describe('a phone with the app Network Survey', () => {
  const PHONE: Principal = { id: 'phone-07', role: 'phone' };

  it.each(['lte_message', 'nr_message', '80211_beacon_message', 'device_status_message'])(
    'may publish what the app sends: %s',
    (name) => expect(refusePublish(PHONE, publication(`survey/phone-07/${name}`))).toBeUndefined(),
  );

  it.each([
    ["another phone's topic", publication('survey/phone-08/lte_message'), "another phone's topic"],
    ['a retained message', publication('survey/phone-07/lte_message', { retain: true }), 'retains nothing'],
    ['no message of the app', publication('survey/phone-07/x'), 'not a topic of the app'],
    ['without the prefix', publication('lte_message'), 'not a topic of the app'],
    ['as an agent', publication(agentTopic('phone-07', 'up')), 'not a topic of the app'],
  ])('may not publish %s', (_name, sent, reason) => {
    expect(refusePublish(PHONE, sent)).toContain(reason);
  });

  it('reads nothing, and central reads of it what it uses', () => {
    expect(refuseSubscribe(PHONE, { topic: 'survey/phone-07/lte_message', qos: 0 })).toBeDefined();
    expect(refuseSubscribe(CENTRAL, { topic: 'survey/+/lte_message', qos: 1 })).toBeUndefined();
    expect(refuseSubscribe(CENTRAL, { topic: 'survey/#', qos: 1 })).toBeDefined();
  });
});
