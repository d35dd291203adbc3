import { SeriesRegistry } from '../../central/samples/series-registry.ts';
import { encodeBatch, encodeSamples, decodeBatch } from '../../contract/codec.ts';
import { CATALOGUE } from '../../contract/measurements/index.ts';
import type { FieldValue, Sample } from '../../contract/sample.ts';
import type { CheckedBatch } from '../../central/ingest/validate/checked-batch.ts';
import { createValidator } from '../../central/ingest/validate/validator.ts';
import type { Collector, CollectorDeps } from '../../edge/collectors/collector.ts';
import { snmpKind } from '../../edge/collectors/snmp/snmp.ts';
import { systemClock, type Clock } from '../../runtime/clock.ts';
import { silentLogger } from '../../runtime/logger.ts';

const V2C = { version: '2c', community: { value: 'public' } };

export interface PollerOptions {
  readonly replyTimeoutMs?: number;
  readonly clock?: Clock;
  /** For every device; default: v2c with the community `public`. */
  readonly credentials?: object;
}

/** Where a device answers on this machine. */
export interface DevicePlace {
  readonly address: string;
  readonly port: number;
}

/** Starts the collector as an agent does, for devices on this machine; a port alone is one of 127.0.0.1. */
export function startPoller(
  places: Readonly<Record<string, number | DevicePlace>>,
  options: PollerOptions = {},
): Collector {
  const config = snmpKind.configSchema.parse({
    credentials: { test: options.credentials ?? V2C },
    devices: Object.entries(places).map(([device, place]) => ({
      device,
      ...(typeof place === 'number' ? { address: '127.0.0.1', port: place } : place),
      credentials: 'test',
    })),
    ...(options.replyTimeoutMs !== undefined && { replyTimeoutMs: options.replyTimeoutMs }),
  });
  const deps: CollectorDeps = {
    clock: options.clock ?? systemClock,
    log: silentLogger,
    commonTags: { host: 'gw-1' },
  };
  return snmpKind.create(config, deps);
}

/** The fields of a measurement by the value of one of its tags. */
export function fieldsBy(
  samples: readonly Sample[],
  measurement: string,
  tag: string,
): Readonly<Record<string, Readonly<Record<string, FieldValue>>>> {
  const found: Record<string, Record<string, FieldValue>> = {};
  for (const sample of samples) {
    if (sample.measurement !== measurement) continue;
    const key = sample.tags[tag] ?? '';
    found[key] = { ...found[key], ...sample.fields };
  }
  return found;
}

export interface Arrived {
  readonly batches: readonly CheckedBatch[];
  /** What central would not take, and why. */
  readonly refusals: readonly string[];
}

/** Samples on their way through codec and validation, as central gets them. */
export function arrive(samples: readonly Sample[], nowMs: number): Arrived {
  const validator = createValidator(
    CATALOGUE,
    {},
    { registry: new SeriesRegistry({ maxSeriesPerAgent: 100_000 }) },
  );
  const { bodies, oversize } = encodeSamples(samples);
  const refusals = oversize.map(({ bytes }) => `a sample of ${bytes} bytes`);
  const batches = bodies.map(({ bytes }, index) => {
    const header = { epoch: 'epoch001', seq: index + 1, lowest: 1, sentAtMs: nowMs, backfill: false };
    const checked = validator.validate('gw-1', decodeBatch(encodeBatch(header, bytes)), nowMs);
    refusals.push(...checked.refusals.map(({ reason }) => reason));
    return checked;
  });
  return { batches, refusals };
}
