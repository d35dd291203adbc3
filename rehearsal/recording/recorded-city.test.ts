import { expect, it } from 'vitest';
import { emptyInventoryFile } from '../../contract/inventory.ts';
import type { Sample } from '../../contract/sample.ts';
import { recordedCity } from './recorded-city.ts';

it('measures as often as its agents did, not as often as two of their collectors follow each other', () => {
  const samples = Array.from({ length: 60 }, (_, beat): Sample[] => [
    { measurement: 'ping', tags: { target: 'a' }, fields: { rtt_ms: 1 }, timeMs: beat * 10_000 },
    { measurement: 'cpu', tags: { cpu: 'total' }, fields: { busy_percent: 5 }, timeMs: beat * 10_000 + 400 },
  ]).flat();
  const inventory = {
    ...emptyInventoryFile(),
    agents: [{ id: 'gw-1', kind: 'gateway' as const, site: 's-1', unit: '25747' }],
  };
  const { intervalMs } = recordedCity({
    ...{ fromMs: 0, toMs: 600_000, inventory, silent: [], incidents: [] },
    samples: new Map([['gw-1', samples]]),
  });
  expect(intervalMs).toEqual({ gateway: 10_000, server: 60_000 });
});
