import { expect, it } from 'vitest';
import { agentTopic } from '../../../contract/topics.ts';
import { readerOfAck, type Subscriber } from './ack-reader.ts';

it('finds the agent that reads its acknowledgements, and nobody for any other topic', () => {
  const topic = agentTopic('gw-1', 'ack');
  const subscriber = (...topics: string[]): Subscriber =>
    ({ subscriptions: Object.fromEntries(topics.map((each) => [each, {}])) }) as unknown as Subscriber;
  const reader = subscriber(topic);
  expect(readerOfAck(topic, { 'gw-1': reader })).toBe(reader);
  expect(readerOfAck(topic, { 'gw-1': subscriber(agentTopic('gw-1', 'config')) })).toBeUndefined();
  expect(readerOfAck(topic, { 'gw-2': reader })).toBeUndefined();
  expect(readerOfAck(agentTopic('gw-1', 'config'), { 'gw-1': reader })).toBeUndefined();
  expect(readerOfAck('spBv1.0/a/NCMD/b', { 'gw-1': reader })).toBeUndefined();
});
