import { MAX_STATE_BYTES } from '../../../contract/state.ts';
import {
  CANARY_AGENT,
  FLOW_TOPIC,
  parseAgentTopic,
  STATE_FILTER,
  UP_FILTER,
  type AgentTopicKind,
} from '../../../contract/topics.ts';
import { parseSurveyTopic, SURVEY_FILTERS } from '../../../contract/survey-topics.ts';
import {
  commandTopic,
  deviceCommandTopic,
  isName,
  parseSparkplugTopic,
  SPARKPLUG_FILTERS,
  stateTopic,
  type NodeName,
} from '../../../contract/sparkplug/topic.ts';

/** `agent`: one edge agent. `central`: a central that runs elsewhere and uses this broker. `phone`: one that measures the mobile networks. */
export type BrokerRole = 'agent' | 'central' | 'phone';

/** A Sparkplug B edge node. */
export interface SparkplugGrant {
  readonly role: 'sparkplug';
  readonly node: NodeName;
}

/** An authenticated client. */
export type Principal = { readonly id: string } & ({ readonly role: BrokerRole } | SparkplugGrant);

export interface Publication {
  readonly topic: string;
  readonly qos: number;
  readonly retain: boolean;
  readonly payloadBytes: number;
}

const AGENT_WRITES: ReadonlySet<AgentTopicKind> = new Set(['up', 'state', 'result']);
const AGENT_READS: ReadonlySet<AgentTopicKind> = new Set(['ack', 'config', 'command']);
const CENTRAL_WRITES: ReadonlySet<AgentTopicKind> = new Set(['ack', 'config', 'command']);

/** Why `principal` may not publish this; undefined: it may. */
export function refusePublish(principal: Principal, publication: Publication): string | undefined {
  if (publication.qos > 1) return 'QoS 2 is not used here';
  switch (principal.role) {
    case 'agent':
      return refuseAgentPublish(principal.id, publication);
    case 'central':
      return refuseCentralPublish(publication);
    case 'sparkplug':
      return refuseNodePublish(principal.node, publication);
    case 'phone':
      return refusePhonePublish(principal.id, publication);
  }
}

/** Births, data and deaths of the node and its devices, its will among them (tck-id-payloads-ndeath-will-message-retain). */
function refuseNodePublish({ group, node }: NodeName, publication: Publication): string | undefined {
  const parsed = parseSparkplugTopic(publication.topic);
  if (parsed === undefined) return 'not a topic that a Sparkplug edge node publishes';
  if (parsed.group !== group || parsed.node !== node) return "another edge node's topic";
  return publication.retain ? `${parsed.type} must not be retained` : undefined;
}

/** The app sends more than central reads, and is cut off when that is refused. */
function refusePhonePublish(id: string, { topic, retain }: Publication): string | undefined {
  const parsed = parseSurveyTopic(topic);
  if (parsed === undefined) return 'not a topic of the app Network Survey below its prefix';
  if (parsed.phone !== id) return "another phone's topic";
  return retain ? 'a phone retains nothing' : undefined;
}

function refuseAgentPublish(id: string, publication: Publication): string | undefined {
  const parsed = parseAgentTopic(publication.topic);
  if (parsed === undefined) return 'not a topic of an agent in its own partition';
  if (parsed.agent !== id) return "another agent's topic";
  if (!AGENT_WRITES.has(parsed.kind)) return `agents do not publish ${parsed.kind}`;
  if (parsed.kind === 'state') {
    return publication.payloadBytes > MAX_STATE_BYTES
      ? `state is larger than ${MAX_STATE_BYTES} bytes`
      : undefined;
  }
  return publication.retain ? `${parsed.kind} must not be retained` : undefined;
}

/** Rebirth requests, and its own STATE. */
const SPARKPLUG_CENTRAL_WRITES = /^spBv1\.0\/(?:STATE\/[^/]+|[^/]+\/NCMD\/[^/]+)$/;

function refuseCentralPublish(publication: Publication): string | undefined {
  if (publication.topic === FLOW_TOPIC || SPARKPLUG_CENTRAL_WRITES.test(publication.topic)) return undefined;
  const parsed = parseAgentTopic(publication.topic);
  const isCanary = parsed?.agent === CANARY_AGENT && parsed.kind === 'up';
  if (parsed === undefined || !(isCanary || CENTRAL_WRITES.has(parsed.kind)))
    return 'not a topic that central publishes';
  return publication.retain && parsed.kind !== 'config' ? `${parsed.kind} must not be retained` : undefined;
}

/** Why `principal` may not subscribe to this; undefined: it may. */
export function refuseSubscribe(
  principal: Principal,
  subscription: { readonly topic: string; readonly qos: number },
): string | undefined {
  const { topic, qos } = subscription;
  if (principal.role === 'central') {
    const isRead =
      [UP_FILTER, STATE_FILTER, ...SPARKPLUG_FILTERS, ...SURVEY_FILTERS].includes(topic) ||
      isStateTopic(topic);
    return isRead ? undefined : 'not a filter that central reads';
  }
  if (principal.role === 'sparkplug') return refuseNodeSubscribe(principal.node, subscription);
  if (principal.role === 'phone') return 'phones subscribe to nothing';
  if (qos > 0) return 'agents subscribe with QoS 0';
  if (topic === FLOW_TOPIC) return undefined;
  const parsed = parseAgentTopic(topic);
  if (parsed === undefined) return 'not a topic of an agent in its own partition';
  if (parsed.agent !== principal.id) return "another agent's topic";
  return AGENT_READS.has(parsed.kind) ? undefined : `agents do not read ${parsed.kind}`;
}

/** Its commands, its devices' commands, and the STATE of any host; QoS 1, as the specification requires of edge nodes. */
function refuseNodeSubscribe(
  node: NodeName,
  { topic, qos }: { readonly topic: string; readonly qos: number },
): string | undefined {
  if (qos > 1) return 'QoS 2 is not used here';
  const own = [
    commandTopic(node),
    `${commandTopic(node)}/#`,
    deviceCommandTopic(node, '+'),
    deviceCommandTopic(node, '#'),
  ];
  if (own.includes(topic) || isStateTopic(topic)) return undefined;
  const device = topic.split('/').at(-1) ?? '';
  return isName(device) && topic === deviceCommandTopic(node, device)
    ? undefined
    : "not this edge node's commands, nor the STATE of a host";
}

function isStateTopic(topic: string): boolean {
  const host = topic.split('/').at(-1) ?? '';
  return topic === stateTopic(host) && (host === '+' || isName(host));
}
