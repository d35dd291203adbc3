const LOG_LINK = /^([a-z0-9.-]{1,253})_([a-z0-9-]{1,63})_([a-z0-9-]{1,63})-([0-9a-f]{64})\.log$/;
const MAX_NAME_CHARS = 128;

/**
 * Names of containers by id, from the kubelet's links in /var/log/containers:
 * `POD_NAMESPACE_CONTAINER-ID.log`. Pure.
 */
export function parseContainerLogs(links: readonly string[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const link of links) {
    const [, pod = '', namespace = '', container = '', id] = LOG_LINK.exec(link) ?? [];
    if (id !== undefined) names.set(id, `${namespace}/${pod}/${container}`.slice(0, MAX_NAME_CHARS));
  }
  return names;
}
