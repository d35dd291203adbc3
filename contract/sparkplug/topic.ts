const NAMESPACE = 'spBv1.0';

export type NodeMessageType = 'NBIRTH' | 'NDATA' | 'NDEATH';
export type DeviceMessageType = 'DBIRTH' | 'DDATA' | 'DDEATH';
export type MessageType = NodeMessageType | DeviceMessageType;

const NODE_TYPES: readonly string[] = ['NBIRTH', 'NDATA', 'NDEATH'] satisfies NodeMessageType[];
const DEVICE_TYPES: readonly string[] = ['DBIRTH', 'DDATA', 'DDEATH'] satisfies DeviceMessageType[];

/** An edge node: unique in the city by group and node (tck-id-topic-structure-namespace-unique-edge-node-descriptor). */
export interface NodeName {
  readonly group: string;
  readonly node: string;
}

export interface SparkplugTopic extends NodeName {
  readonly type: MessageType;
  /** With DBIRTH, DDATA and DDEATH, and only with them (tck-id-topic-structure-namespace-device-id-associated-message-types). */
  readonly device?: string;
}

/** What central subscribes to: births, data and deaths; no commands, and no other host application's STATE. */
export const SPARKPLUG_FILTERS: readonly string[] = [
  ...NODE_TYPES.map((type) => `${NAMESPACE}/+/${type}/+`),
  ...DEVICE_TYPES.map((type) => `${NAMESPACE}/+/${type}/+/+`),
];

/** The protocol has no limit, but names become tags and rows of `state.db`. */
const MAX_NAME_BYTES = 256;

/** `spBv1.0/{group}/{type}/{node}[/{device}]` (Sparkplug 3.0, section 4.1); undefined: not a topic of an edge node. */
export function parseSparkplugTopic(topic: string): SparkplugTopic | undefined {
  const [namespace, group = '', type = '', node = '', device, ...more] = topic.split('/');
  if (namespace !== NAMESPACE || more.length > 0 || !isName(group) || !isName(node)) return undefined;
  if (device === undefined) {
    return isOneOf<NodeMessageType>(type, NODE_TYPES) ? { group, type, node } : undefined;
  }
  if (!isName(device) || !isOneOf<DeviceMessageType>(type, DEVICE_TYPES)) return undefined;
  return { group, type, node, device };
}

export function commandTopic({ group, node }: NodeName): string {
  return `${NAMESPACE}/${group}/NCMD/${node}`;
}

export function deviceCommandTopic({ group, node }: NodeName, device: string): string {
  return `${NAMESPACE}/${group}/DCMD/${node}/${device}`;
}

export function stateTopic(hostId: string): string {
  return `${NAMESPACE}/STATE/${hostId}`;
}

/** Usable as one level of a topic: not empty, none of `+`, `/`, `#` (tck-id-topic-structure-namespace-valid-edge-node-id). */
export function isName(text: string): boolean {
  // Controls: MQTT 3.1.1, section 1.5.3, forbids NUL and advises against the others.
  return text !== '' && !/[+/#\u0000-\u001f]/.test(text) && Buffer.byteLength(text) <= MAX_NAME_BYTES;
}

function isOneOf<T extends string>(text: string, list: readonly string[]): text is T {
  return list.includes(text);
}
