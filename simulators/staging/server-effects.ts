import type { InventoryFile } from '../../contract/inventory.ts';
import { riseShare, type StagedKind } from '../city/faults.ts';
import { hundredth } from '../city/rounding.ts';
import { allServers, isUp, numberOf, withFields, type Effect } from './effect.ts';

const HOUR_MS = 3_600_000;
/** Per cent of the memory that is left at its end. */
const LEFT_PCT = 3;

const atServer = { targets: allServers, agents: (target: string) => [target] } as const;

/** Servers and the pools that they carry. */
export const SERVER_EFFECTS = {
  /** A host is gone, and its pool has one less: what is used stays, what can be used shrinks. */
  server_lost: {
    targets: allServers,
    condition: { is: 'dark', of: (target) => [target] },
    agents: (target, inventory) => neighboursOf(target, inventory),
    change: (sample, moment) => {
      if (sample.measurement !== 'capacity' || !isUp(moment)) return sample;
      const hosts = neighboursOf(moment.target, moment.inventory).length;
      const physical = Math.round((numberOf(sample, 'physical') * (hosts - 1)) / hosts);
      const usable = Math.round(
        (numberOf(sample, 'usable') * Math.max(1, hosts - 2)) / Math.max(1, hosts - 1),
      );
      const share = (field: string): number => hundredth((100 * numberOf(sample, field)) / usable);
      return withFields(sample, {
        ...{ physical, usable },
        ...{ used_pct: Math.min(100, share('used')), allocated_pct: share('allocated') },
      });
    },
  },
  /** Its sensor is added by whoever runs it (`rehearsal/city/hot-server.ts`). */
  server_hot: { targets: allServers },
  /** Another machine on the same host takes its processor. `amount`: per cent that is stolen. */
  noisy_neighbour: {
    ...atServer,
    change: (sample, moment) => {
      if (sample.measurement !== 'cpu' || !isUp(moment)) return sample;
      const steal = moment.fault?.amount ?? 25;
      const idle = Math.max(0, numberOf(sample, 'usage_idle') - steal);
      return withFields(sample, {
        ...{ usage_steal: steal, usage_idle: hundredth(idle), usage_active: hundredth(100 - idle) },
      });
    },
  },
  /** A process grows until next to nothing is left. */
  memory_leak: {
    ...atServer,
    change: (sample, moment) => {
      const { fault, timeMs } = moment;
      if (sample.measurement !== 'mem' || fault === undefined) return sample;
      const before = numberOf(sample, 'available_percent');
      const left = hundredth(before + (LEFT_PCT - before) * riseShare(fault, timeMs, HOUR_MS));
      const total = numberOf(sample, 'total');
      const available = Math.floor((total * left) / 100 / 4_096) * 4_096;
      return withFields(sample, {
        ...{ available, used: total - available },
        ...{ available_percent: left, used_percent: hundredth(100 - left) },
      });
    },
  },
} satisfies Partial<Record<StagedKind, Effect>>;

function neighboursOf(server: string, { agents }: InventoryFile): readonly string[] {
  const site = agents.find(({ id }) => id === server)?.site;
  return agents.filter((agent) => agent.kind === 'server' && agent.site === site).map(({ id }) => id);
}
