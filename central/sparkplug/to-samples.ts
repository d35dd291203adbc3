import type { FieldValue, Sample } from '../../contract/sample.ts';
import type { Refused, Resolved } from './birth-certificates.ts';
import type { ScalarType } from '../../contract/sparkplug/data-types.ts';
import { convert, type Target } from './mapping.ts';
import { readValue } from './metric-value.ts';
import type { RawMetric } from './payload.ts';

/** Section 6.4.9.1. */
const GOOD = 192;

export interface NodeSamples {
  readonly live: readonly Sample[];
  /** `is_historical`: not a current value, so that it never pages. */
  readonly historical: readonly Sample[];
  readonly refused: readonly Refused[];
  /** Fields whose previous value no longer holds. */
  readonly ended: readonly Target[];
  /** Values that the sender marked null or transient: nothing to store. */
  readonly empty: number;
}

export interface SampleContext {
  /** undefined: neither mapped nor a name of the catalogue. */
  readonly targetOf: (value: Resolved['metric']) => Target | undefined;
  /** For a metric without a timestamp. */
  readonly timeMs: number;
}

/** The values of one message as samples; values of the same series and time form one sample. */
export function toSamples(values: readonly Resolved[], context: SampleContext): NodeSamples {
  const live = new SampleList();
  const historical = new SampleList();
  const refused: Refused[] = [];
  const ended: Target[] = [];
  let empty = 0;
  const end = (target: Target, { isHistorical }: RawMetric): void => {
    if (!isHistorical) ended.push(target);
  };
  for (const { metric, raw } of values) {
    const target = context.targetOf(metric);
    if (target === undefined) {
      const about = `${metric.name} (${metric.type.name} ${shown(raw, metric.type)})`;
      refused.push({
        code: 'unmapped',
        reason: 'neither mapped nor a measurement/field of the catalogue',
        about,
      });
    } else if (raw.isNull || raw.isTransient) {
      empty++;
      if (raw.isNull) end(target, raw);
    } else if (raw.quality !== undefined && raw.quality !== GOOD) {
      end(target, raw);
      refused.push({
        code: 'bad-quality',
        reason: `${metric.name} has quality ${raw.quality}, expected ${GOOD}`,
      });
    } else {
      const read = readValue(raw, metric.type);
      if (read.value === undefined) {
        end(target, raw);
        refused.push({ code: 'bad-value', reason: `${metric.name} ${read.reason}` });
        continue;
      }
      const list = raw.isHistorical ? historical : live;
      const timeMs = raw.timestampMs ?? context.timeMs;
      if (!list.add(target, convert(read.value, target), timeMs)) {
        const reason = `${metric.name}: ${target.measurement}/${target.field} has another value at this time`;
        refused.push({ code: 'double-value', reason });
      }
    }
  }
  return { live: live.samples, historical: historical.samples, refused, ended, empty };
}

function shown(raw: RawMetric, type: ScalarType): string {
  if (raw.isNull) return 'null';
  const read = readValue(raw, type);
  return read.value === undefined ? read.reason : String(read.value).slice(0, 40);
}

class SampleList {
  readonly #bySeries = new Map<string, Sample & { readonly fields: Record<string, FieldValue> }>();

  get samples(): readonly Sample[] {
    return [...this.#bySeries.values()];
  }

  /** False: the field has a different value at the same time. */
  add({ measurement, field, tags }: Target, value: FieldValue, timeMs: number): boolean {
    const key = JSON.stringify([measurement, timeMs, tags]);
    let sample = this.#bySeries.get(key);
    if (sample === undefined) {
      sample = { measurement, tags, fields: {}, timeMs };
      this.#bySeries.set(key, sample);
    }
    if (Object.hasOwn(sample.fields, field)) return sample.fields[field] === value;
    sample.fields[field] = value;
    return true;
  }
}
