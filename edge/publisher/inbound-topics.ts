import { agentTopic, FLOW_TOPIC } from '../../contract/topics.ts';

/** Topics to subscribe to. */
export interface Topics {
  /** All of these have to be granted. */
  readonly needed: readonly string[];
  /** Lived without where the broker refuses them. */
  readonly wanted: readonly string[];
}

/** What an agent reads. A broker whose rights are older than configs from central must not shut it out. */
export function inboundTopics(agent: string, options: { readonly config: boolean }): Topics {
  return {
    needed: [agentTopic(agent, 'ack'), FLOW_TOPIC],
    wanted: options.config ? [agentTopic(agent, 'config')] : [],
  };
}
