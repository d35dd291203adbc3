import { z } from 'zod';

const MAX_CHARS = 256;

/** A topic filter (MQTT 3.1.1, section 4.7): `+` and `#` stand alone in their level, `#` only at the end. */
export function isTopicFilter(text: string): boolean {
  const levels = text.split('/');
  return (
    text !== '' &&
    text.length <= MAX_CHARS &&
    !/\p{Cc}/u.test(text) &&
    levels.every(
      (level, at) => !/[+#]/.test(level) || level === '+' || (level === '#' && at === levels.length - 1),
    )
  );
}

/** Whether a topic is one of those that a filter means; a wildcard in front leaves out what begins with `$`. Pure. */
export function matchesFilter(filter: string, topic: string): boolean {
  const wanted = filter.split('/');
  const levels = topic.split('/');
  if (topic.startsWith('$') && /^[+#]/.test(filter)) return false;
  for (const [at, level] of wanted.entries()) {
    if (level === '#') return true;
    const found = levels[at];
    if (found === undefined || (level !== '+' && level !== found)) return false;
  }
  return wanted.length === levels.length;
}

export const topicFilterSchema = z
  .string()
  .refine(isTopicFilter, 'expected an MQTT topic filter, such as telegraf/# or sensors/+/state');
