import { parseLines, type Point } from '../../edge/collectors/telegraf/parse-lines.ts';
import { toSample } from '../../edge/collectors/telegraf/to-sample.ts';
import type { Sample } from '../../contract/sample.ts';
import type { Decoded, Decoder, Refusal } from './decoded.ts';

/** InfluxDB line protocol with times in ns, as the telegraf collector reads it. */
export const decodeLines: Decoder = (bytes, nowMs) => {
  const { points, badLines } = parseLines(bytes);
  const { samples, refusals } = translate(points, nowMs, ({ line }) => `line ${line}`);
  const unreadable = badLines.map(({ line, column, reason }) => ({
    where: `line ${line}, byte ${column}`,
    reason,
  }));
  return { samples, refusals: [...unreadable, ...refusals] };
};

export function translate(points: readonly Point[], nowMs: number, where: (point: Point) => string): Decoded {
  const samples: Sample[] = [];
  const refusals: Refusal[] = [];
  for (const point of points) {
    const translated = toSample(point, { unitNs: 1n, receivedAtMs: nowMs, commonTags: {} });
    if (translated.sample !== undefined) samples.push(translated.sample);
    for (const reason of translated.refusals) refusals.push({ where: where(point), reason });
  }
  return { samples, refusals };
}
