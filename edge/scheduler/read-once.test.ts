import { expect, it } from 'vitest';
import { z } from 'zod';
import type { FieldValue, Sample } from '../../contract/sample.ts';
import { silentLogger } from '../../runtime/logger.ts';
import { ManualClock } from '../../runtime/manual-clock.ts';
import type { Collected, CollectorKind } from '../collectors/collector.ts';
import { checkEdgeConfig } from '../config/edge-config.ts';
import { REACHES_NOTHING } from '../protocols/reach.ts';
import { readOnce } from './read-once.ts';

const sample = (measurement: string, fields: Record<string, FieldValue>, timeMs: number): Sample => ({
  measurement,
  tags: { device: 'sw-1' },
  fields,
  timeMs,
});

/** What one kind with rates, read at these turns, would print. */
async function onceOf(...turns: readonly (Collected | Error)[]) {
  let turn = 0;
  const kind: CollectorKind<unknown> = {
    kind: 'snmp',
    reaches: () => REACHES_NOTHING,
    configSchema: z.unknown(),
    defaultIntervalMs: 60_000,
    rateBaseMs: 2_000,
    create: () => ({
      name: 'snmp',
      collect: async () => {
        const collected = turns[turn++];
        if (collected === undefined || collected instanceof Error)
          throw collected ?? new Error('a third turn');
        return collected;
      },
      close: async () => undefined,
    }),
  };
  const config = await checkEdgeConfig('edge.yaml', {
    agent: 'gw-1',
    dataDirectory: '/nowhere',
    broker: { url: 'mqtt://x' },
  });
  const collectors = [{ name: 'snmp', kind, intervalMs: 60_000, timeoutMs: 60_000, options: {} }];
  const clock = new ManualClock();
  const { signal } = new AbortController();
  const reading = readOnce({ ...config, collectors }, { clock, log: silentLogger, signal });
  await clock.advance(2_000);
  return (await reading)[0];
}

const slow = sample('device_storage', { used_pct: 99.7 }, 1);
const port = (fields: Record<string, FieldValue>, timeMs: number): Sample =>
  sample('interface', fields, timeMs);

it('shows what is read at longer intervals beside the rates that need a second reading', async () => {
  const read = await onceOf(
    { samples: [slow, port({ oper_status: 2, description: 'uplink' }, 1)], errors: [] },
    { samples: [port({ oper_status: 1, in_bps: 80 }, 2)], errors: [] },
  );
  expect(read?.samples).toEqual([slow, port({ oper_status: 1, description: 'uplink', in_bps: 80 }, 2)]);
  expect(read?.errors).toEqual([]);
});

it('keeps the errors of the first reading, and shows an error of both once', async () => {
  const [noAnswer, noTable] = [new Error('sw-2: no answer'), new Error('sw-1: sensors: genErr')];
  const read = await onceOf(
    { samples: [slow], errors: [noAnswer, noTable] },
    { samples: [], errors: [new Error('sw-2: no answer'), new Error('sw-3: the port is closed')] },
  );
  expect(read?.samples).toEqual([slow]);
  expect(read?.errors.map(({ message }) => message)).toEqual([
    'sw-2: no answer',
    'sw-1: sensors: genErr',
    'sw-3: the port is closed',
  ]);
});

it('keeps the first reading when the second fails, and does not repeat a first that failed', async () => {
  const second = await onceOf({ samples: [slow], errors: [] }, new Error('gone'));
  expect(second).toMatchObject({ samples: [slow], errors: [{ message: 'gone' }] });
  const first = await onceOf(new Error('no answer'));
  expect(first).toMatchObject({ samples: [], errors: [{ message: 'no answer' }] });
});
