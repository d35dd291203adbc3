import { agentTopic, FLOW_TOPIC } from '../../contract/topics.ts';

/** What an agent reads; all of it has to be granted. */
export function inboundTopics(agent: string, options: { readonly config: boolean }): readonly string[] {
  return [agentTopic(agent, 'ack'), FLOW_TOPIC, ...(options.config ? [agentTopic(agent, 'config')] : [])];
}
