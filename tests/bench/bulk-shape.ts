import type { Sample } from '../../contract/sample.ts';

export const BULK_POINTS = 960;
export const BULK_VALUES_PER_POINT = 10;
export const FLOOD_AGENTS = 40;

/** A full batch of the city's commonest kind: 20 nodes of 48 interfaces, 10 values each. */
export function interfaceBatch(agent: string): Sample[] {
  return Array.from({ length: BULK_POINTS }, (_, index) => ({
    measurement: 'interface',
    tags: { device: `${agent}-n${Math.floor(index / 48)}`, interface: `ge-0/0/${index % 48}` },
    fields: {
      in_bps: 1_000_000 + index * 1_713,
      out_bps: 500_000 + index * 911,
      in_utilization_pct: (index % 97) / 2,
      out_utilization_pct: (index % 89) / 2,
      in_errors: 0,
      out_errors: 0,
      in_discards: index % 3,
      out_discards: 0,
      oper_status: 1,
      admin_status: 1,
    },
    timeMs: 1_800_000_000_000,
  }));
}
