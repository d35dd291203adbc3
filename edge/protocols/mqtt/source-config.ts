import { z } from 'zod';
import { brokerSchema } from './broker-config.ts';
import { topicFilterSchema } from '../../../runtime/mqtt/topic-filter.ts';

/** Settings of every collector that subscribes at a broker. */
export const mqttConnectionShape = {
  broker: brokerSchema,
  qos: z.union([z.literal(0), z.literal(1)], 'expected 0 or 1').default(1),
  /** Names the session in which the broker keeps messages while the agent is away. Default: from agent and collector. */
  clientId: z.string().min(1).max(64).optional(),
};

export const mqttSourceSchema = z.strictObject({
  ...mqttConnectionShape,
  topics: z.array(topicFilterSchema).min(1, 'expected at least one topic').max(64),
});
