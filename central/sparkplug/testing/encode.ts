import { encodePayload, metric, type MetricFields } from '../../../contract/sparkplug/encode-payload.ts';

export { encodePayload as encode, metric };
export type { MetricFields, MetricValue } from '../../../contract/sparkplug/encode-payload.ts';

/** An NBIRTH with what every one has. */
export function birthPayload(
  metrics: readonly MetricFields[],
  {
    timestamp = 1_800_000_000_000,
    seq = 0,
  }: { readonly timestamp?: number | bigint; readonly seq?: number } = {},
): Buffer {
  const own = [metric('bdSeq', 'Int64', 0), metric('Node Control/Rebirth', 'Boolean', false)];
  return encodePayload({ timestamp, seq, metrics: [...own, ...metrics] });
}
