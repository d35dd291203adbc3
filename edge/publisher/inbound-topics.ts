import { agentTopic, FLOW_TOPIC } from '../../contract/topics.ts';

/** Topics to subscribe to. */
export interface Topics {
  /** Required: a refused subscription ends the connection. */
  readonly needed: readonly string[];
  /** Optional: a refused subscription is not fatal. */
  readonly wanted: readonly string[];
}

/** Topics an agent subscribes to. `config` is optional, for brokers whose access rules do not grant it yet. */
export function inboundTopics(agent: string, options: { readonly config: boolean }): Topics {
  return {
    needed: [agentTopic(agent, 'ack'), FLOW_TOPIC],
    wanted: options.config ? [agentTopic(agent, 'config')] : [],
  };
}
