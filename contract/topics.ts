import { crc32 } from 'node:zlib';

/** Central's own samples have this agent name, so no agent can have it. */
export const CENTRAL_AGENT = 'central';
/** Central sends samples over MQTT under this name, to see whether they get through: no agent can have it either. */
export const CANARY_AGENT = 'wardwatch-canary';
/** Valid as one level of a topic on every broker: no dots, spaces or wildcards. */
export const AGENT_ID_PATTERN = /^(?!(?:central|wardwatch-canary)$)[a-z0-9-]{1,64}$/;
/** The pattern in words, for messages. */
export const AGENT_ID_EXPECTED =
  'expected 1 to 64 of a-z 0-9 -, and not "central" or "wardwatch-canary" (central itself)';

const ROOT = 'wardwatch/1';
export const PARTITION_COUNT = 256;

export type AgentTopicKind = 'up' | 'ack' | 'state' | 'config' | 'command' | 'result';
const AGENT_TOPIC = /^wardwatch\/1\/(\d{3})\/([a-z0-9-]{1,64})\/(up|ack|state|config|command|result)$/;

/** The fixed partition of an agent, `000`…`255`: crc32 (ISO 3309) of its id modulo 256. */
export function partitionOf(agent: string): string {
  return String(crc32(agent) % PARTITION_COUNT).padStart(3, '0');
}

export function agentTopic(agent: string, kind: AgentTopicKind): string {
  return `${ROOT}/${partitionOf(agent)}/${agent}/${kind}`;
}

export const FLOW_TOPIC = `${ROOT}/control/flow`;
/** What central subscribes to: every partition and agent. */
export const UP_FILTER = `${ROOT}/+/+/up`;
export const STATE_FILTER = `${ROOT}/+/+/state`;

export interface AgentTopic {
  readonly agent: string;
  readonly kind: AgentTopicKind;
}

/** `undefined` if the topic is not an agent's, or the partition is not the one of this agent. */
export function parseAgentTopic(topic: string): AgentTopic | undefined {
  const [, partition, agent, kind] = AGENT_TOPIC.exec(topic) ?? [];
  if (agent === undefined || agent === CENTRAL_AGENT || partition !== partitionOf(agent)) return undefined;
  // It sends samples, and has no state.
  if (agent === CANARY_AGENT && kind !== 'up') return undefined;
  return { agent, kind: kind as AgentTopicKind };
}
