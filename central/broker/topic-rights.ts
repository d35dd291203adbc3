import {
  FLOW_TOPIC,
  parseAgentTopic,
  STATE_FILTER,
  UP_FILTER,
  type AgentTopicKind,
} from '../../contract/topics.ts';

/** `agent`: one edge agent. `central`: a central that runs elsewhere and uses this broker. */
export type BrokerRole = 'agent' | 'central';

/** Whom the broker takes a client for, after authentication. */
export interface Principal {
  readonly id: string;
  readonly role: BrokerRole;
}

export interface Publication {
  readonly topic: string;
  readonly qos: number;
  readonly retain: boolean;
  readonly payloadBytes: number;
}

const STATE_MAX_BYTES = 4 * 1024;
const AGENT_WRITES: ReadonlySet<AgentTopicKind> = new Set(['up', 'state', 'result']);
const AGENT_READS: ReadonlySet<AgentTopicKind> = new Set(['ack', 'config', 'command']);
const CENTRAL_WRITES: ReadonlySet<AgentTopicKind> = new Set(['ack', 'config', 'command']);

/** Why `principal` may not publish this; undefined: it may. */
export function refusePublish(principal: Principal, publication: Publication): string | undefined {
  if (publication.qos > 1) return 'QoS 2 is not used here';
  return principal.role === 'agent'
    ? refuseAgentPublish(principal.id, publication)
    : refuseCentralPublish(publication);
}

function refuseAgentPublish(id: string, publication: Publication): string | undefined {
  const parsed = parseAgentTopic(publication.topic);
  if (parsed === undefined) return 'not a topic of an agent in its own partition';
  if (parsed.agent !== id) return "another agent's topic";
  if (!AGENT_WRITES.has(parsed.kind)) return `agents do not publish ${parsed.kind}`;
  if (parsed.kind === 'state') {
    return publication.payloadBytes > STATE_MAX_BYTES
      ? `state is larger than ${STATE_MAX_BYTES} bytes`
      : undefined;
  }
  return publication.retain ? `${parsed.kind} must not be retained` : undefined;
}

function refuseCentralPublish(publication: Publication): string | undefined {
  if (publication.topic === FLOW_TOPIC) return undefined;
  const parsed = parseAgentTopic(publication.topic);
  if (parsed === undefined || !CENTRAL_WRITES.has(parsed.kind)) return 'not a topic that central publishes';
  return publication.retain && parsed.kind !== 'config' ? `${parsed.kind} must not be retained` : undefined;
}

/** Why `principal` may not subscribe to this; undefined: it may. */
export function refuseSubscribe(
  principal: Principal,
  subscription: { readonly topic: string; readonly qos: number },
): string | undefined {
  const { topic, qos } = subscription;
  if (principal.role === 'central') {
    return topic === UP_FILTER || topic === STATE_FILTER ? undefined : 'not a filter that central reads';
  }
  if (qos > 0) return 'agents subscribe with QoS 0';
  if (topic === FLOW_TOPIC) return undefined;
  const parsed = parseAgentTopic(topic);
  if (parsed === undefined) return 'not a topic of an agent in its own partition';
  if (parsed.agent !== principal.id) return "another agent's topic";
  return AGENT_READS.has(parsed.kind) ? undefined : `agents do not read ${parsed.kind}`;
}
