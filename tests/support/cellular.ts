import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cellularKind } from '../../edge/collectors/cellular/cellular.ts';
import type { Collector } from '../../edge/collectors/collector.ts';
import { systemClock, type Clock } from '../../runtime/clock.ts';
import { silentLogger } from '../../runtime/logger.ts';
import type { Sample } from '../../contract/sample.ts';
import { expect } from 'vitest';
import { throughCentral } from './through-central.ts';

/** Starts the collector as an agent does. */
export function startCellular(
  modems: readonly object[],
  options: { readonly clock?: Clock; readonly dataDirectory?: string; readonly reportEveryMs?: number } = {},
): Collector {
  const { clock = systemClock, dataDirectory, reportEveryMs = 1_000 } = options;
  return cellularKind.create(cellularKind.configSchema.parse({ modems, reportEveryMs }), {
    clock,
    log: silentLogger,
    commonTags: { host: 'gw-1', unit: '26734' },
    ...(dataDirectory !== undefined && { dataDirectory }),
  });
}

/** Tags and fields of the samples; throws unless central accepts all of them. */
export function taken(samples: readonly Sample[], nowMs?: number) {
  expect(throughCentral(samples, nowMs).refusals).toEqual([]);
  return samples.map(({ measurement, tags, fields }) => {
    const own = Object.entries(tags).filter(([name]) => name !== 'host' && name !== 'unit');
    return { measurement, tags: Object.fromEntries(own), fields };
  });
}

export function temporaryDirectory(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'wardwatch-cellular-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
