import { severityRank, type Severity } from '../../alerts/rules/severity.ts';
import { inOrderOfWeight, isOver, type Message } from '../message/message.ts';
import { messageText, type TextOptions } from '../message/message-text.ts';
import type { TemplateData } from './template.ts';

/** What a template may name. */
export const DATA_NAMES = [
  'title',
  'text',
  'message',
  'status',
  'severity',
  'priority',
  'count',
  'begun',
  'over',
  'key',
  'atMs',
] as const;

/** Pure. `message`: title and text. `priority`: 2 (warning) to 5 (critical), 1 where all is over. */
export function messageData(message: Message, options: TextOptions): TemplateData {
  const { title, text } = messageText(message, options);
  const open = message.alerts.filter((alert) => !isOver(alert));
  const severity = gravest(message);
  return {
    title,
    text,
    message: text === '' ? title : `${title}\n${text}`,
    status: statusOf(message),
    severity: severity ?? 'none',
    priority: severity === undefined || open.length === 0 ? 1 : severityRank(severity) + 2,
    count: message.alerts.length,
    begun: open.length,
    over: message.alerts.length - open.length,
    key: message.key,
    atMs: message.madeAtMs,
  } satisfies Record<(typeof DATA_NAMES)[number], string | number>;
}

/** Pure. The whole message, for programs. */
export function messageJson(message: Message, channel: string, options: TextOptions): unknown {
  return {
    key: message.key,
    channel,
    kind: message.kind,
    status: statusOf(message),
    madeAtMs: message.madeAtMs,
    ...messageText(message, options),
    ...(message.incident !== undefined && { incident: message.incident }),
    alerts: inOrderOfWeight(message.alerts).map(({ what, facts }) => ({ what, ...facts })),
  };
}

function statusOf({ kind, alerts }: Message): 'firing' | 'over' | 'test' {
  if (kind === 'test') return 'test';
  return alerts.every(isOver) ? 'over' : 'firing';
}

/** Of what goes on, else of what is over. */
function gravest({ alerts }: Message): Severity | undefined {
  return inOrderOfWeight(alerts)[0]?.facts.severity;
}
