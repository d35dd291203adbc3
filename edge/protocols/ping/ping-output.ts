import type { Burst, Summary } from './burst.ts';

/** The text is not what a finished `ping` prints. */
export class PingOutputError extends Error {
  override readonly name = 'PingOutputError';
}

const COUNTS = /^(\d{1,6}) packets transmitted, (\d{1,6}) (?:packets )?received\b/m;
const TIMES =
  /^(?:rtt|round-trip) min\/avg\/max(?:\/[a-z-]+)? = (\d+(?:\.\d+)?)\/(\d+(?:\.\d+)?)\/(\d+(?:\.\d+)?)(?:\/(\d+(?:\.\d+)?))? ms/m;
const REPLY = /\b(?:icmp_)?seq=(\d{1,6}) (?:ttl|hlim)=(\d{1,3}) time[=<](\d+(?:\.\d+)?) ms/;

/**
 * Parses the output of `ping -c` of iputils or BusyBox in the C locale. Pure. Duplicates count once, answers are put in
 * order. Throws a PingOutputError when the closing statistics are missing.
 */
export function parsePingOutput(text: string): Burst {
  const [, sent, got] = COUNTS.exec(text) ?? [];
  const transmitted = Number(sent);
  if (sent === undefined || transmitted === 0) {
    throw new PingOutputError(`no statistics in its output: ${JSON.stringify(firstLine(text))}`);
  }
  const { rttsMs, ttl } = parseReplies(text, transmitted);
  const summary = parseSummary(text);
  return {
    transmitted,
    received: Math.min(Number(got), transmitted),
    rttsMs,
    ...(summary !== undefined && { summary }),
    ...(ttl !== undefined && { ttl }),
  };
}

/** The first line that is not blank, cut short, for messages. */
export function firstLine(text: string): string {
  return (text.split('\n').find((line) => line.trim() !== '') ?? '').trim().slice(0, 120);
}

function parseReplies(text: string, transmitted: number): Pick<Burst, 'rttsMs' | 'ttl'> {
  const bySeq = new Map<number, number>();
  let ttl: number | undefined;
  for (const line of text.split('\n')) {
    const [, seq, lineTtl, rtt] = REPLY.exec(line) ?? [];
    if (seq === undefined || bySeq.has(Number(seq))) continue;
    bySeq.set(Number(seq), Number(rtt));
    ttl ??= Number(lineTtl);
  }
  // BusyBox counts from 0, iputils from 1.
  const first = bySeq.has(0) ? 0 : 1;
  const rttsMs = Array.from({ length: transmitted }, (_unused, index) => bySeq.get(first + index));
  return { rttsMs, ...(ttl !== undefined && { ttl }) };
}

function parseSummary(text: string): Summary | undefined {
  const [, min, average, max, deviation] = TIMES.exec(text) ?? [];
  if (min === undefined) return undefined;
  return {
    minMs: Number(min),
    averageMs: Number(average),
    maxMs: Number(max),
    ...(deviation !== undefined && { deviationMs: Number(deviation) }),
  };
}
