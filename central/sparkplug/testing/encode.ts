import sparkplug from 'sparkplug-payload';

const library = sparkplug.get('spBv1.0');
if (library === null) throw new Error('sparkplug-payload knows no spBv1.0');

type UserPayload = Parameters<typeof library.encodePayload>[0];
export type UserMetric = NonNullable<UserPayload['metrics']>[number];

/** A metric as an edge node's own library takes it. */
export function metric(
  name: string,
  type: UserMetric['type'],
  value: UserMetric['value'],
  more: Partial<UserMetric> = {},
): UserMetric {
  return { name, type, value, ...more };
}

/** What an edge node publishes, encoded by the library that edge nodes in JavaScript use. */
export function encode(payload: UserPayload): Buffer {
  if (library === null) throw new Error('sparkplug-payload knows no spBv1.0');
  return Buffer.from(library.encodePayload(payload));
}

/** An NBIRTH with what every one has. */
export function birthPayload(metrics: readonly UserMetric[], more: Partial<UserPayload> = {}): Buffer {
  const own = [metric('bdSeq', 'Int64', 0), metric('Node Control/Rebirth', 'Boolean', false)];
  return encode({ timestamp: 1_800_000_000_000, seq: 0, ...more, metrics: [...own, ...metrics] });
}
