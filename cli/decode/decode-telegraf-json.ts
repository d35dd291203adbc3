import * as z from 'zod';
import { messageOf } from '../../runtime/errors.ts';
import type { LineValue } from '../../edge/collectors/telegraf/line-value.ts';
import type { Point } from '../../edge/collectors/telegraf/parse-lines.ts';
import type { Decoder, Refusal } from './decoded.ts';
import { translate } from './decode-lines.ts';

/** One metric of Telegraf's JSON output (`data_format = "json"`); its timestamp counts s, ms, us or ns. */
const metricSchema = z.object({
  name: z.string(),
  tags: z.record(z.string(), z.string()).default({}),
  fields: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
  timestamp: z.number().optional(),
});
type Metric = z.infer<typeof metricSchema>;

/** A metric, `{"metrics": [...]}`, a list, or one metric a line. JSON has no 64-bit integers: beyond 2^53 they are not exact. */
export const decodeTelegrafJson: Decoder = (bytes, nowMs) => {
  const refusals: Refusal[] = [];
  const points: Point[] = [];
  for (const [index, value] of readValues(bytes.toString('utf8'), refusals).entries()) {
    const metric = metricSchema.safeParse(value);
    if (metric.success) points.push(toPoint(metric.data, index + 1));
    else {
      const reason = metric.error.issues
        .map(({ path, message }) => `${path.join('.')}: ${message}`)
        .join('; ');
      refusals.push({ where: `metric ${index + 1}`, reason });
    }
  }
  const translated = translate(points, nowMs, ({ line }) => `metric ${line}`);
  return { samples: translated.samples, refusals: [...refusals, ...translated.refusals] };
};

function readValues(text: string, refusals: Refusal[]): unknown[] {
  const whole = parse(text);
  if (whole !== undefined) {
    if (Array.isArray(whole.value)) return whole.value as unknown[];
    const metrics = z.object({ metrics: z.array(z.unknown()) }).safeParse(whole.value);
    return metrics.success ? metrics.data.metrics : [whole.value];
  }
  const values: unknown[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const parsed = parse(line, (reason) => refusals.push({ where: `line ${index + 1}`, reason }));
    if (parsed !== undefined) values.push(parsed.value);
  }
  return values;
}

function parse(text: string, onError?: (reason: string) => void): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    onError?.(messageOf(error));
    return undefined;
  }
}

function toPoint({ name, tags, fields, timestamp }: Metric, line: number): Point {
  return {
    measurement: name,
    tags: new Map(Object.entries(tags)),
    fields: Object.entries(fields).map(([key, value]) => [key, toLineValue(value)] as const),
    time: timestamp === undefined ? undefined : toNanoseconds(timestamp),
    line,
  };
}

function toLineValue(value: number | string | boolean): LineValue {
  if (typeof value === 'string') return { type: 'string', value };
  return typeof value === 'boolean' ? { type: 'bool', value } : { type: 'float', value };
}

/** The unit is a setting of the sender; the number of digits determines it, for times from 1973 to 5138. */
function toNanoseconds(timestamp: number): bigint {
  const digits = Math.floor(Math.log10(Math.max(1, Math.abs(timestamp)))) + 1;
  const scale = digits <= 11 ? 1_000_000_000n : digits <= 14 ? 1_000_000n : digits <= 17 ? 1_000n : 1n;
  return BigInt(Math.round(timestamp)) * scale;
}
