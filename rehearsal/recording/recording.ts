import { z } from 'zod';
import { inventorySchema, type InventoryFile } from '../../contract/inventory.ts';
import type { Sample } from '../../contract/sample.ts';

/** An agent of which nothing was heard, Unix ms. */
export interface SilentSpan {
  readonly agent: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** What operators had in front of them: compared when the recording is rehearsed. */
export interface RecordedBefore {
  readonly rule: string;
  readonly root?: string | undefined;
  readonly beganAtMs: number;
}

/** A span of a real city, without its names. */
export interface Recording {
  readonly fromMs: number;
  readonly toMs: number;
  readonly inventory: InventoryFile;
  readonly silent: readonly SilentSpan[];
  readonly incidents: readonly RecordedBefore[];
  /** By agent, in the order of their times. */
  readonly samples: ReadonlyMap<string, readonly Sample[]>;
}

const time = z.number().min(0).max(8.64e15);

/** The first line of a recording; each further one is a row. */
export const recordingHeadSchema = z.strictObject({
  recording: z.literal(1),
  fromMs: time,
  toMs: time,
  inventory: inventorySchema,
  silent: z.array(z.strictObject({ agent: z.string(), fromMs: time, toMs: time })),
  incidents: z.array(z.strictObject({ rule: z.string(), root: z.string().optional(), beganAtMs: time })),
});

/** Agent, time, measurement, tags, fields. */
export const recordingRowSchema = z.tuple([
  z.string(),
  time,
  z.string(),
  z.record(z.string(), z.string()),
  z.record(z.string(), z.union([z.number(), z.boolean()])),
]);
