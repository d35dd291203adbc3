/** Result of one burst of probes to one target. */
export interface Burst {
  readonly transmitted: number;
  readonly received: number;
  /** Round-trip times in the order sent; undefined for a probe without an answer. */
  readonly rttsMs: readonly (number | undefined)[];
  /** The program's own summary, which is more exact than its lines. */
  readonly summary?: Summary;
  readonly ttl?: number;
}

export interface Summary {
  readonly minMs: number;
  readonly averageMs: number;
  readonly maxMs: number;
  readonly deviationMs?: number;
}

/** Telegraf's `ping` fields, and the delay variation between consecutive probes (RFC 3393). Needs transmitted > 0. */
export function burstFields(burst: Burst): Record<string, number> {
  const { transmitted, received } = burst;
  const fields: Record<string, number> = {
    packets_transmitted: transmitted,
    packets_received: received,
    percent_packet_loss: (100 * (transmitted - received)) / transmitted,
    result_code: received > 0 ? RESULT.answered : RESULT.noAnswer,
  };
  const answered = burst.rttsMs.filter((rtt) => rtt !== undefined);
  const summary = burst.summary ?? summarise(answered);
  if (received > 0 && summary !== undefined) {
    fields['minimum_response_ms'] = summary.minMs;
    fields['average_response_ms'] = summary.averageMs;
    fields['maximum_response_ms'] = summary.maxMs;
    const deviationMs = summary.deviationMs ?? summarise(answered)?.deviationMs;
    if (deviationMs !== undefined) fields['standard_deviation_ms'] = deviationMs;
  }
  if (burst.ttl !== undefined) fields['ttl'] = burst.ttl;
  const ipdvMs = ipdvP95Ms(burst.rttsMs);
  if (ipdvMs !== undefined) fields['ipdv_p95_ms'] = ipdvMs;
  return fields;
}

/** Telegraf's `result_code`. */
export const RESULT = { answered: 0, noAnswer: 1, failed: 2 } as const;

export function summarise(rttsMs: readonly number[]): Required<Summary> | undefined {
  if (rttsMs.length === 0) return undefined;
  const averageMs = rttsMs.reduce((sum, rtt) => sum + rtt, 0) / rttsMs.length;
  const variance = rttsMs.reduce((sum, rtt) => sum + (rtt - averageMs) ** 2, 0) / rttsMs.length;
  return {
    minMs: Math.min(...rttsMs),
    averageMs,
    maxMs: Math.max(...rttsMs),
    deviationMs: Math.sqrt(variance),
  };
}

/** 95th percentile (nearest rank) of |difference| between consecutive probes that were both answered. */
export function ipdvP95Ms(rttsMs: readonly (number | undefined)[]): number | undefined {
  const differences: number[] = [];
  for (const [index, rtt] of rttsMs.entries()) {
    const before = rttsMs[index - 1];
    if (index > 0 && rtt !== undefined && before !== undefined) differences.push(Math.abs(rtt - before));
  }
  differences.sort((a, b) => a - b);
  return differences[Math.ceil(0.95 * differences.length) - 1];
}
