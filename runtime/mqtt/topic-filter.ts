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

export const topicFilterSchema = z
  .string()
  .refine(isTopicFilter, 'expected an MQTT topic filter, such as telegraf/# or sensors/+/state');

/** Whether a topic matches a filter. Pure. */
export function matchesFilter(filter: string, topic: string): boolean {
  const wanted = filter.split('/');
  const levels = topic.split('/');
  if (wanted.at(-1) === '#') {
    wanted.pop();
    // `a/#` matches `a`, too.
    if (levels.length < wanted.length) return false;
  } else if (levels.length !== wanted.length) {
    return false;
  }
  return wanted.every((level, at) => level === '+' || level === levels[at]);
}
