import { isTopicFilter } from '../../../runtime/mqtt/topic-filter.ts';

/** Tags that a topic may contain. */
export const PLACEHOLDERS = ['device', 'sensor', 'location'] as const;
export type Placeholder = (typeof PLACEHOLDERS)[number];

/** A topic such as `zigbee2mqtt/{device}`: a name in braces, or `+`, matches one level. */
export interface TopicTemplate {
  /** MQTT topic filter. */
  readonly filter: string;
  readonly levels: readonly TemplateLevel[];
}

type TemplateLevel = { readonly text: string } | { readonly names: Placeholder } | { readonly isAny: true };

/** undefined: invalid. Pure. */
export function parseTemplate(text: string): TopicTemplate | undefined {
  const levels = text.split('/').map((level): TemplateLevel | undefined => {
    if (level === '+') return { isAny: true };
    const name = PLACEHOLDERS.find((placeholder) => level === `{${placeholder}}`);
    if (name !== undefined) return { names: name };
    return /[{}+#]/.test(level) ? undefined : { text: level };
  });
  const whole = levels.filter((level) => level !== undefined);
  const names = whole.flatMap((level) => ('names' in level ? [level.names] : []));
  if (whole.length < levels.length || new Set(names).size < names.length) return undefined;
  const filter = whole.map((level) => ('text' in level ? level.text : '+')).join('/');
  return isTopicFilter(filter) ? { filter, levels: whole } : undefined;
}

export type Names = Readonly<Partial<Record<Placeholder, string>>>;

/** Values of the placeholders in a topic; undefined: it does not match. Pure. */
export function matchTemplate({ levels }: TopicTemplate, topic: string): Names | undefined {
  const parts = topic.split('/');
  if (parts.length !== levels.length) return undefined;
  const names: Partial<Record<Placeholder, string>> = {};
  for (const [at, level] of levels.entries()) {
    const part = parts[at] ?? '';
    if ('text' in level && level.text !== part) return undefined;
    if ('names' in level) names[level.names] = part;
  }
  return names;
}
