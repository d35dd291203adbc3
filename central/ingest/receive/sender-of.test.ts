import { expect, it } from 'vitest';
import { agentTopic } from '../../../contract/topics.ts';
import { senderOf } from './sender-of.ts';

it.each([
  [agentTopic('gw-1', 'up'), 'gw-1'],
  [agentTopic('gw-1', 'state'), 'gw-1'],
  ['spBv1.0/Power/NDATA/room-1', 'Power/room-1'],
  ['spBv1.0/Power/DDATA/room-1/UPS', 'Power/room-1'],
  ['', '/'],
  [`wardwatch/1/000/${'x'.repeat(60_000)}/up`, 'x'.repeat(140)],
])('the sender of %.40s is %.40s', (topic, sender) => {
  expect(senderOf(topic)).toBe(sender);
});
