const MAX_NAME_CHARS = 140;

/**
 * Whose message it is, by its topic: the agent, or `group/node` of a Sparkplug edge node. Any text where the topic is
 * neither: it is only compared and shown. Pure.
 */
export function senderOf(topic: string): string {
  const [root, second = '', , fourth = ''] = topic.split('/', 4);
  return (root === 'wardwatch' ? fourth : `${second}/${fourth}`).slice(0, MAX_NAME_CHARS);
}
