import type { Batch } from '../../contract/batch.ts';
import { PROTOCOL_VERSION } from '../../contract/batch.ts';
import { CATALOGUE } from '../../contract/measurements/index.ts';
import { silentLogger } from '../../runtime/logger.ts';
import type { RefusedSample, SampleIntake } from '../ingest/adapters/sample-intake.ts';
import { refusedSamples } from '../ingest/adapters/sample-batcher.ts';
import { splitIntoTables } from '../ingest/adapters/split-samples.ts';
import { createValidator } from '../ingest/validate/validator.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { SampleTable } from '../samples/sample-table.ts';
import type { SparkplugConfig } from './config.ts';
import { SparkplugHost } from './host.ts';

export interface PlayedMessage {
  readonly topic: string;
  readonly payload: Buffer;
}

export interface Played {
  readonly tables: readonly SampleTable[];
  /** `message` counts from 1; undefined: found after the last message. */
  readonly refusals: readonly { readonly message: number | undefined; readonly reason: string }[];
}

/** What central would store and refuse of these messages, processed in order, each arriving when it was sent. */
export function playSession(
  messages: readonly PlayedMessage[],
  options: { readonly config: SparkplugConfig; readonly inventory: Inventory; readonly nowMs: number },
): Played {
  const { config, inventory, nowMs } = options;
  const tables: SampleTable[] = [];
  const refusals: { message: number | undefined; reason: string }[] = [];
  let message: number | undefined;
  const validator = createValidator(CATALOGUE);
  const intake: SampleIntake = {
    take: ({ agent, samples, sentAtMs, backfill }) => {
      const refused: RefusedSample[] = [];
      for (const body of splitIntoTables(samples).bodies) {
        const header = {
          v: PROTOCOL_VERSION,
          epoch: 'played00',
          seq: 1,
          lowest: 1,
          sentAtMs,
          backfill,
        } as const;
        const batch = { ...header, baseMs: body.baseMs, tables: body.tables } as Batch;
        const checked = validator.validate(agent, batch, sentAtMs);
        tables.push(...checked.tables);
        refused.push(...refusedSamples(body, checked.refusals));
        for (const { code, reason } of checked.refusals)
          refusals.push({ message, reason: `${code}: ${reason}` });
      }
      return refused;
    },
    declareLost: (_agent, lost) =>
      refusals.push({ message, reason: `${lost} messages before it are missing` }),
    refuse: ({ code, reason }) => refusals.push({ message, reason: `${code}: ${reason}` }),
    countRefused: (code, values) =>
      refusals.push({ message, reason: `${code}: ${values} values, as said at the birth` }),
  };
  const host = new SparkplugHost({
    config,
    catalogue: CATALOGUE,
    inventory,
    repository: { list: () => [], recordBirth: () => undefined, recordHeartbeat: () => undefined },
    intake,
    publish: () => undefined,
    clock: { now: () => nowMs, monotonicMs: () => 0, sleep: () => Promise.resolve() },
    log: silentLogger,
    onBorn: () => undefined,
    onAlive: () => undefined,
    onRebirthNotRequested: () => undefined,
    onDead: () => undefined,
  });
  for (const [index, each] of messages.entries()) {
    message = index + 1;
    host.receive(each);
  }
  message = undefined;
  host.flush();
  return { tables, refusals };
}
