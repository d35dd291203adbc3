/** Whether a topic is within a filter (MQTT 3.1.1, section 4.7): `+` is one level, `#` all that follow. */
export function matchesFilter(topic: string, filter: string): boolean {
  const levels = topic.split('/');
  const wanted = filter.split('/');
  if (wanted.at(-1) === '#') {
    const parent = wanted.slice(0, -1);
    return levels.length >= parent.length && parent.every((part, at) => part === '+' || part === levels[at]);
  }
  return levels.length === wanted.length && wanted.every((part, at) => part === '+' || part === levels[at]);
}
